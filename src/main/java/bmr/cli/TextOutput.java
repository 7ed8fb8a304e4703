package bmr.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Text files that commands write: whole or not at all. */
final class TextOutput {
  private static final int MOST_DRAFTS = 100;

  private TextOutput() {}

  /**
   * Writes beside the file and gives the draft its name at the end.
   *
   * @param shown the file as the person typed it
   * @throws CommandFailure if the file is there and must not be replaced, or cannot be written
   */
  static void write(Path file, String shown, boolean overwrite, String text) {
    if (Files.exists(file) && !overwrite) {
      throw new CommandFailure("`" + shown + "` exists", Optional.of("`--overwrite` replaces it"));
    }
    if (Files.isDirectory(file)) {
      throw new CommandFailure("`" + shown + "` is a folder", Optional.empty());
    }
    try {
      Path draft = draft(file, text);
      try {
        if (overwrite) {
          Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } else {
          Files.move(draft, file);
        }
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new CommandFailure("`" + shown + "` cannot be written", Optional.empty());
    }
  }

  private static Path draft(Path file, String text) throws IOException {
    for (int number = 1; ; number++) {
      Path draft = file.resolveSibling("." + file.getFileName() + "." + number + ".part");
      try {
        Files.createFile(draft);
      } catch (FileAlreadyExistsException e) {
        if (number == MOST_DRAFTS) {
          throw e;
        }
        continue;
      }
      try {
        Files.writeString(
            draft, text, StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
        return draft;
      } catch (IOException e) {
        Files.deleteIfExists(draft);
        throw e;
      }
    }
  }
}
