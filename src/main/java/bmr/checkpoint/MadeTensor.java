package bmr.checkpoint;

import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor whose bytes lie elsewhere: whole, in parts that follow one another, or transposed.
 *
 * @param info as it is made
 * @param parts where its bytes are, in order
 * @param transposed whether the one part is a matrix whose rows are this one's columns
 */
record MadeTensor(TensorInfo info, List<Part> parts, boolean transposed) {
  /** Bytes that are held at most to transpose. */
  private static final int STAGE = 1 << 20;

  /** So many bytes of a file from a position on. */
  record Part(Checkpoint file, long position, long bytes) {}

  MadeTensor {
    parts = List.copyOf(parts);
  }

  /** Fills the buffer with the bytes from an offset on; they must be there. */
  void read(ByteBuffer target, long offset) throws IOException {
    if (!target.hasRemaining()) {
      return;
    }
    if (transposed) {
      readTransposed(target, offset);
      return;
    }
    int end = target.limit();
    long start = 0;
    long at = offset;
    try {
      for (Part part : parts) {
        if (target.position() < end && at < start + part.bytes()) {
          long left = start + part.bytes() - at;
          target.limit((int) Math.min(end, target.position() + left));
          int before = target.position();
          part.file().read(target, part.position() + at - start);
          at += target.position() - before;
        }
        start += part.bytes();
      }
    } finally {
      target.limit(end);
    }
  }

  private void readTransposed(ByteBuffer target, long offset) throws IOException {
    int width = info.dtype().bits() / Byte.SIZE;
    long columns = info.shape().dimension(1);
    long rows = info.shape().dimension(0);
    long end = offset + target.remaining();
    int base = target.position();
    long firstRow = offset / width / columns;
    long lastRow = (end - 1) / width / columns;
    // one source row holds one of our columns; only the values of the wanted rows are read of it
    long span = Math.min(lastRow - firstRow + 1, STAGE / width);
    boolean whole = rows * width <= STAGE && span * 16 > rows;
    long perRead = whole ? Math.max(1, STAGE / (rows * width)) : 1;
    ByteBuffer stage = ByteBuffer.allocate((int) ((whole ? rows * perRead : span) * width));
    Part part = parts.getFirst();
    for (long from = whole ? 0 : firstRow; from <= lastRow; from += whole ? rows : span) {
      long taken = whole ? rows : Math.min(span, lastRow - from + 1);
      for (long column = 0; column < columns; column += perRead) {
        long lines = Math.min(perRead, columns - column);
        stage.clear().limit((int) (lines * taken * width));
        part.file().read(stage, part.position() + (column * rows + from) * width);
        for (long line = 0; line < lines; line++) {
          for (long row = Math.max(from, firstRow); row < from + taken && row <= lastRow; row++) {
            long place = (row * columns + column + line) * width - offset;
            int source = (int) ((line * taken + row - from) * width);
            for (int i = 0; i < width; i++) {
              if (place + i >= 0 && place + i < end - offset) {
                target.put(base + (int) (place + i), stage.get(source + i));
              }
            }
          }
        }
      }
    }
    target.position(base + (int) (end - offset));
  }
}
