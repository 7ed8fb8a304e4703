package bmr.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that appears whole or not at all: written beside the target under another name, synced,
 * moved. Closing without {@link #commit} removes it. Safe for use by many threads.
 */
public interface OutputFile extends AutoCloseable {
  /**
   * Creates the temporary file.
   *
   * @param size bytes that will be written
   * @throws bmr.diagnostic.ProblemException with a RunProblem where the folder cannot be written or
   *     has no space for the size and 2 percent
   */
  static OutputFile create(Path target, long size) {
    throw new UnsupportedOperationException();
  }

  /** Writes the buffer's remaining bytes at a position. */
  void write(ByteBuffer bytes, long position) throws IOException;

  /** Starts writing what is in memory to disk, so that {@link #commit} has less to wait for. */
  void flush() throws IOException;

  /** Syncs the file and gives it its name. */
  void commit() throws IOException;

  @Override
  void close();
}
