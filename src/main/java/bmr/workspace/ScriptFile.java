package bmr.workspace;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.NameProblem.UnreadableScript;
import bmr.source.SourceText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads scripts from files. */
final class ScriptFile {
  /** No script is that long; a model given in its place is. */
  private static final long LONGEST = 64L << 20;

  private ScriptFile() {}

  /** The text of a script, empty where it cannot be read; the reason is added to the problems. */
  static SourceText read(Path file, List<Diagnostic> diagnostics) {
    String reason;
    try {
      if (Files.isDirectory(file)) {
        reason = "it is a folder";
      } else if (Files.size(file) > LONGEST) {
        reason = "it is larger than 64 MiB, so it is no script";
      } else {
        return SourceText.decode(file.toString(), Files.readAllBytes(file));
      }
    } catch (NoSuchFileException e) {
      reason = "it is not there";
    } catch (AccessDeniedException e) {
      reason = "permission is denied";
    } catch (IOException e) {
      reason = String.valueOf(e.getMessage());
    }
    diagnostics.add(Diagnostic.of(new UnreadableScript(file.toString(), reason)));
    return SourceText.of(file.toString(), "");
  }
}
