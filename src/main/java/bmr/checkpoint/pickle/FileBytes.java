package bmr.checkpoint.pickle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Ranges of a file. */
final class FileBytes {
  private static final int PIECE = 64 << 10;

  private FileBytes() {}

  /** Fills the buffer from a position. */
  static void read(FileChannel channel, ByteBuffer target, long position, Path file)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new EOFException("`" + file + "` ended at byte " + at + ": it became shorter");
      }
      at += count;
    }
  }

  /** The bytes from a position on, read in pieces; the channel is left open. */
  static InputStream stream(FileChannel channel, long position, long length, Path file) {
    return new InputStream() {
      private final ByteBuffer piece = ByteBuffer.allocate(PIECE).limit(0);
      private long at = position;

      private boolean fill() throws IOException {
        if (piece.hasRemaining()) {
          return true;
        }
        int next = (int) Math.min(PIECE, position + length - at);
        if (next <= 0) {
          return false;
        }
        piece.clear().limit(next);
        FileBytes.read(channel, piece, at, file);
        piece.flip();
        at += next;
        return true;
      }

      @Override
      public int read() throws IOException {
        return fill() ? piece.get() & 0xff : -1;
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        if (count == 0) {
          return 0;
        }
        if (!fill()) {
          return -1;
        }
        int now = Math.min(count, piece.remaining());
        piece.get(bytes, from, now);
        return now;
      }
    };
  }
}
