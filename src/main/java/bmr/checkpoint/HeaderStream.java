package bmr.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A range of a file as a stream, read in pieces, never beyond its end. */
final class HeaderStream extends InputStream {
  private static final int PIECE = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private long position;
  private long left;
  private ByteBuffer piece = ByteBuffer.allocate(0);

  HeaderStream(Path file, FileChannel channel, long position, long length) {
    this.file = file;
    this.channel = channel;
    this.position = position;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, piece.remaining());
    piece.get(target, offset, count);
    return count;
  }

  private boolean fill() throws IOException {
    if (piece.hasRemaining()) {
      return true;
    }
    if (left == 0) {
      return false;
    }
    int length = (int) Math.min(left, PIECE);
    piece = piece.capacity() >= length ? piece.clear().limit(length) : ByteBuffer.allocate(length);
    ChannelBytes.readFully(channel, piece, position, file);
    piece.flip();
    position += length;
    left -= length;
    return true;
  }
}
