package bmr.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/**
 * Where results and messages go, and what those places can show.
 *
 * @param out results
 * @param err messages and progress
 * @param outIsTerminal whether a person sees {@code out} at once
 * @param errIsTerminal whether a person sees {@code err} at once
 * @param colours whether colours are wanted where a person looks
 * @param width columns that lines may take
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean colours,
    int width) {
  public static final int DEFAULT_WIDTH = 80;

  /** Narrower windows get lines of this width, which then wrap. */
  private static final int LEAST_WIDTH = 40;

  public Terminal {
    width = Math.max(LEAST_WIDTH, width);
  }

  /** Two streams that no person watches: no colours, 80 columns. */
  public static Terminal plain(PrintStream out, PrintStream err) {
    return new Terminal(out, err, false, false, false, DEFAULT_WIDTH);
  }

  /**
   * The streams of this process. The launcher says what it found out before it started the JVM:
   * {@code bmr.terminal} names the streams that are terminals ({@code out}, {@code err}), {@code
   * bmr.columns} the width, {@code bmr.stderr} the number of the descriptor of standard error.
   */
  @SuppressWarnings("SystemConsoleNull") // with both streams redirected it is null on JDK 25
  public static Terminal ofProcess(Properties properties, Map<String, String> environment) {
    PrintStream out = stream(new FileOutputStream(FileDescriptor.out), properties, "stdout");
    PrintStream err = stream(new FileOutputStream(standardError(properties)), properties, "stderr");
    String terminals = properties.getProperty("bmr.terminal");
    boolean outIsTerminal;
    boolean errIsTerminal;
    if (terminals == null) {
      // not started by the launcher: the JVM can only tell about input and output together
      var console = System.console();
      outIsTerminal = console != null && console.isTerminal();
      errIsTerminal = outIsTerminal;
    } else {
      outIsTerminal = terminals.contains("out");
      errIsTerminal = terminals.contains("err");
    }
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(out, err, outIsTerminal, errIsTerminal, colours, columns(properties));
  }

  /**
   * There is no public way to a descriptor by number, and opening it by its name would give a file
   * two writers; the jar's manifest opens {@code java.io} for this.
   */
  private static FileDescriptor standardError(Properties properties) {
    String number = properties.getProperty("bmr.stderr", "");
    if (number.isEmpty()) {
      return FileDescriptor.err;
    }
    try {
      var descriptor = new FileDescriptor();
      Field field = FileDescriptor.class.getDeclaredField("fd");
      field.setAccessible(true);
      field.setInt(descriptor, Integer.parseInt(number));
      return descriptor;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return FileDescriptor.err;
    }
  }

  private static PrintStream stream(FileOutputStream file, Properties properties, String name) {
    // elsewhere UTF-8 is right even where the locale says ASCII, as it does in containers
    boolean windows = properties.getProperty("os.name", "").startsWith("Windows");
    String encoding = windows ? properties.getProperty(name + ".encoding", "UTF-8") : "UTF-8";
    var charset =
        java.nio.charset.Charset.isSupported(encoding)
            ? java.nio.charset.Charset.forName(encoding)
            : StandardCharsets.UTF_8;
    return new PrintStream(new java.io.BufferedOutputStream(file, 8192), true, charset);
  }

  private static int columns(Properties properties) {
    try {
      int columns = Integer.parseInt(properties.getProperty("bmr.columns", ""));
      return columns > 0 ? columns : DEFAULT_WIDTH;
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  /** Whether results may be coloured. */
  public boolean colourOut() {
    return colours && outIsTerminal;
  }

  /** Whether messages may be coloured. */
  public boolean colourErr() {
    return colours && errIsTerminal;
  }

  /** A line of results. */
  public void print(String line) {
    out.println(line);
  }

  /** A line for the person who waits. */
  public void say(String line) {
    err.println(line);
  }

  /** The text as results show it. */
  public String paint(Style style, String text) {
    return colourOut() ? style.on(text) : text;
  }
}
