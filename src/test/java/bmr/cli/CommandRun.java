package bmr.cli;

import bmr.report.Terminal;
import bmr.workspace.UserPlaces;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * What a command line did, run inside the test's process.
 *
 * @param out standard output, with the folder's own path left out
 * @param err standard error, likewise
 */
record CommandRun(int status, String out, String err) {
  /** Runs a command in a folder, as if no person watched. */
  static CommandRun in(Path folder, String... arguments) {
    return in(folder, () -> false, arguments);
  }

  static CommandRun in(Path folder, BooleanSupplier cancelled, String... arguments) {
    return in(folder, cancelled, false, arguments);
  }

  /** Runs a command as on a colour terminal. */
  static CommandRun onTerminal(Path folder, String... arguments) {
    return in(folder, () -> false, true, arguments);
  }

  /** Runs a command of a user who has a configuration and caches. */
  static CommandRun of(UserPlaces places, Path folder, String... arguments) {
    return in(folder, () -> false, false, places, arguments);
  }

  private static CommandRun in(
      Path folder, BooleanSupplier cancelled, boolean terminal, String... arguments) {
    return in(folder, cancelled, terminal, UserPlaces.none(), arguments);
  }

  private static CommandRun in(
      Path folder,
      BooleanSupplier cancelled,
      boolean terminal,
      UserPlaces places,
      String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var streams =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            terminal,
            terminal,
            80);
    int status =
        new Program(new Context(streams, System.in, folder, cancelled, places)).run(arguments);
    return new CommandRun(status, text(out, folder), text(err, folder));
  }

  private static String text(ByteArrayOutputStream bytes, Path folder) {
    String text = bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    return folder.toString().isEmpty() ? text : text.replace(folder + java.io.File.separator, "");
  }
}
