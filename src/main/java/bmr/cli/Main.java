package bmr.cli;

import bmr.report.Terminal;
import bmr.workspace.UserPlaces;
import java.nio.file.Path;

/** Where the program starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    String training = System.getProperty("bmr.training");
    if (training != null) {
      Training.run(training);
      return;
    }
    Terminal terminal = Terminal.ofProcess(System.getProperties(), System.getenv());
    if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
      // the one question that must not wait for the command line's machinery
      terminal.print("bmr " + Program.version());
      return;
    }
    System.setErr(terminal.err());
    var interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::waitForTheEnd));
    int status;
    try {
      status =
          new Program(
                  new Context(
                      terminal,
                      System.in,
                      Path.of(""),
                      interruption::requested,
                      UserPlaces.of(
                          System.getenv(),
                          System.getProperty("os.name", ""),
                          System.getProperty("user.home", ""))))
              .run(arguments);
    } finally {
      terminal.out().flush();
      terminal.err().flush();
      interruption.finished();
    }
    // System.exit would set up the JDK's loggers first, which takes longer than some commands
    Runtime.getRuntime().halt(status);
  }
}
