package bmr.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Positional reading and writing of whole buffers. */
final class ChannelBytes {
  /**
   * Heap buffers go through a hidden direct buffer of the same length, which the JDK keeps per
   * thread; in pieces of this length it stays small.
   */
  private static final int HEAP_PIECE = 1 << 20;

  private ChannelBytes() {}

  /** Fills the buffer. */
  static void readFully(FileChannel channel, ByteBuffer target, long position, Path file)
      throws IOException {
    int end = target.limit();
    long at = position;
    try {
      while (target.position() < end) {
        target.limit(pieceEnd(target, end));
        int count = channel.read(target, at);
        if (count < 0) {
          throw new EOFException("`" + file + "` ended at byte " + at + ": it became shorter");
        }
        at += count;
      }
    } finally {
      target.limit(end);
    }
  }

  /** Writes the buffer's remaining bytes. */
  static void writeFully(FileChannel channel, ByteBuffer source, long position) throws IOException {
    int end = source.limit();
    long at = position;
    try {
      while (source.position() < end) {
        source.limit(pieceEnd(source, end));
        at += channel.write(source, at);
      }
    } finally {
      source.limit(end);
    }
  }

  private static int pieceEnd(ByteBuffer buffer, int end) {
    return buffer.isDirect() ? end : Math.min(end, buffer.position() + HEAP_PIECE);
  }
}
