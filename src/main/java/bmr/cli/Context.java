package bmr.cli;

import bmr.checkpoint.WebUiFolders;
import bmr.report.Terminal;
import bmr.workspace.UserLibrary;
import bmr.workspace.UserPlaces;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * What every command needs of the process it runs in.
 *
 * @param in standard input
 * @param folder what relative paths are relative to; empty for the process's own
 * @param cancelled whether the person has asked to stop
 * @param places where the user's configuration and caches are
 */
record Context(
    Terminal terminal, InputStream in, Path folder, BooleanSupplier cancelled, UserPlaces places) {
  /** With the process's own standard input, and nothing of a user's. */
  Context(Terminal terminal, Path folder, BooleanSupplier cancelled) {
    this(terminal, System.in, folder, cancelled, UserPlaces.none());
  }

  /**
   * The folders of the user's configuration, and hashes that are known; who waits for others sees
   * how far they are, and may stop them.
   *
   * @throws bmr.diagnostic.ProblemException if the configuration is not right
   */
  UserLibrary user() {
    return UserLibrary.of(places, new HashProgress(terminal, cancelled));
  }

  /**
   * A folder of models as typed, made usable.
   *
   * @throws bmr.diagnostic.ProblemException if {@code webui:} stands before what is none
   */
  Path resolveFolder(Path path) {
    String text = path.toString();
    return text.startsWith(WebUiFolders.PREFIX)
        ? WebUiFolders.checked(resolve(Path.of(text.substring(WebUiFolders.PREFIX.length()))))
        : resolve(path);
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
