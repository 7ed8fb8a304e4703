package bmr.cli;

import bmr.checkpoint.OutputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Scripts and reports to and from the user's files. */
final class TextOutput {
  /** Of standard input; files have the same limit. */
  private static final int LARGEST = 64 << 20;

  private TextOutput() {}

  /**
   * Writes a file whole or not at all. Where it leads elsewhere as a link, that file is written;
   * who may read and write it stays.
   *
   * @param shown the path as the user gave it
   * @throws bmr.diagnostic.ProblemException where it cannot be written
   */
  static void write(Path file, Path shown, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file;
      Optional<Set<PosixFilePermission>> permissions = permissions(target);
      try (OutputFile out = OutputFile.create(target, bytes.length)) {
        out.write(ByteBuffer.wrap(bytes), 0);
        out.commit();
      }
      if (permissions.isPresent()) {
        Files.setPosixFilePermissions(target, permissions.get());
      }
    } catch (IOException e) {
      throw new CommandFailure("`" + shown + "` cannot be written", Optional.empty());
    }
  }

  /**
   * Writes a file as {@link #write(Path, Path, String)} does.
   *
   * @throws CommandFailure if the file is there and must not be replaced
   */
  static void write(Path file, String shown, boolean overwrite, String text) {
    if (Files.exists(file) && !overwrite) {
      throw new CommandFailure("`" + shown + "` exists", Optional.of("`--overwrite` replaces it"));
    }
    if (Files.isDirectory(file)) {
      throw new CommandFailure("`" + shown + "` is a folder", Optional.empty());
    }
    write(file, Path.of(shown), text);
  }

  private static Optional<Set<PosixFilePermission>> permissions(Path target) throws IOException {
    boolean posix = Files.getFileStore(folder(target)).supportsFileAttributeView("posix");
    return posix && Files.exists(target)
        ? Optional.of(Files.getPosixFilePermissions(target))
        : Optional.empty();
  }

  private static Path folder(Path target) {
    Path at = target.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /**
   * All of standard input.
   *
   * @throws CommandFailure if it is longer than 64 MiB
   */
  static byte[] standardInput(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw new CommandFailure(
          "standard input has more than 64 MiB", Optional.of("a script is a few kilobytes"));
    }
    return bytes;
  }
}
