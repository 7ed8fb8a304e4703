package bmr.cli;

import bmr.report.Terminal;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * What every command needs of the process it runs in.
 *
 * @param in standard input
 * @param folder what relative paths are relative to; empty for the process's own
 * @param cancelled whether the person has asked to stop
 */
record Context(Terminal terminal, InputStream in, Path folder, BooleanSupplier cancelled) {
  /** With the process's own standard input. */
  Context(Terminal terminal, Path folder, BooleanSupplier cancelled) {
    this(terminal, System.in, folder, cancelled);
  }

  /** A path as typed, made usable; {@code ~} is expanded where no shell did. */
  Path resolve(Path path) {
    String text = path.toString();
    if (text.equals("~") || text.startsWith("~/") || text.startsWith("~\\")) {
      String rest = text.substring(Math.min(2, text.length()));
      return Path.of(System.getProperty("user.home", "")).resolve(rest);
    }
    return folder.toString().isEmpty() ? path : folder.resolve(path);
  }
}
