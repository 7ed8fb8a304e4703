package bmr.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that appears whole or not at all: written beside the target under another name, synced,
 * moved. Closing without {@link #commit} removes it. Safe for use by many threads, none of which
 * may be interrupted while it writes (an interrupt closes the file for all).
 */
public interface OutputFile extends AutoCloseable {
  /**
   * Creates the temporary file, and the target's folder where it is missing. What killed runs left
   * for the same target is removed first. Where the target is a link, the link is replaced, never
   * the file it leads to.
   *
   * @param size bytes that will be written
   * @throws bmr.diagnostic.ProblemException with a RunProblem where the folder cannot be written or
   *     has no space for the size and 2 percent
   */
  static OutputFile create(Path target, long size) {
    return AtomicOutputFile.create(target, size, OutputDisk.REAL);
  }

  /**
   * Whether both paths lead to one file, links followed; a file that does not exist is the same as
   * itself only.
   */
  static boolean sameFile(Path a, Path b) {
    try {
      if (Files.exists(a) && Files.exists(b)) {
        return Files.isSameFile(a, b);
      }
    } catch (IOException e) {
      // compared by name below
    }
    return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  /**
   * Writes the buffer's remaining bytes at a position. Direct buffers are written without a copy.
   *
   * @throws bmr.diagnostic.ProblemException with a RunProblem where the disk is full or fails
   * @throws IOException if the file is closed
   */
  void write(ByteBuffer bytes, long position) throws IOException;

  /** Writes to disk what is in memory, so that {@link #commit} has less to wait for. */
  void flush() throws IOException;

  /**
   * Syncs the file and gives it its name.
   *
   * @throws bmr.diagnostic.ProblemException with a RunProblem where that fails; the target is as it
   *     was
   * @throws IllegalStateException if the file has another size than was said, or twice
   */
  void commit() throws IOException;

  @Override
  void close();
}
