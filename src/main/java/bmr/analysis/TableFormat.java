package bmr.analysis;

import bmr.analysis.InnerProductTable.Source;
import bmr.analysis.InnerProductTable.Tensor;
import bmr.analysis.TableContent.Entry;
import bmr.model.Block;
import bmr.model.Part;
import bmr.tensor.Shape;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tables as bytes: a mark, whether every tensor is there, sources, tensors with their numbers,
 * SHA-256 of all that. Big-endian; the same table gives the same bytes.
 */
final class TableFormat {
  private static final byte[] MARK = "bmr inner products 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;

  /** Most that a file is read of. */
  static final long LARGEST = 512L << 20;

  private TableFormat() {}

  /**
   * @param complete whether the entries are all tensors of the models
   */
  record Stored(TableContent content, boolean complete) {}

  static byte[] write(TableContent content, boolean complete) {
    var out = new Growing();
    out.bytes(MARK);
    out.number(complete ? 1 : 0);
    out.number(content.sources().size());
    for (Source source : content.sources()) {
      out.text(source.name());
      out.text(source.contentKey());
    }
    out.number(content.entries().size());
    for (Entry entry : content.entries()) {
      Tensor tensor = entry.tensor();
      out.text(tensor.key());
      out.number(tensor.shape().rank());
      tensor.shape().dimensions().forEach(out::wide);
      out.text(tensor.block().label());
      out.text(tensor.part().name());
      out.number(entry.covered());
      out.number(tensor.holders().size());
      tensor.holders().forEach(out::number);
      out.numbers(entry.sums());
      out.numbers(entry.products());
    }
    out.bytes(digest(out.buffer.array(), out.buffer.position()));
    return Arrays.copyOf(out.buffer.array(), out.buffer.position());
  }

  /** What the bytes say; empty for anything but a table of this version, whole and unharmed. */
  static Optional<Stored> read(byte[] bytes) {
    int end = bytes.length - DIGEST;
    if (end < MARK.length
        || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)
        || !Arrays.equals(digest(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length))) {
      return Optional.empty();
    }
    try {
      var in = ByteBuffer.wrap(bytes, MARK.length, end - MARK.length);
      boolean complete = in.getInt() == 1;
      return Optional.of(new Stored(content(in), complete));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static TableContent content(ByteBuffer in) {
    var sources = new ArrayList<Source>();
    for (int left = length(in, 8); left > 0; left--) {
      sources.add(new Source(text(in), text(in)));
    }
    var entries = new ArrayList<Entry>();
    for (int left = length(in, 8); left > 0; left--) {
      String key = text(in);
      var dimensions = new ArrayList<Long>();
      for (int rank = length(in, Long.BYTES); rank > 0; rank--) {
        dimensions.add(in.getLong());
      }
      Block block = Block.parse(text(in)).orElseThrow(IllegalArgumentException::new);
      Part part = Part.valueOf(text(in));
      int covered = in.getInt();
      var holders = new ArrayList<Integer>();
      for (int count = length(in, Integer.BYTES); count > 0; count--) {
        holders.add(in.getInt());
      }
      checkHolders(holders, covered, sources.size());
      double[] sums = doubles(in, holders.size());
      double[] products = doubles(in, InnerProductTable.triangle(holders.size()));
      var tensor = new Tensor(key, new Shape(dimensions), block, part, holders);
      entries.add(new Entry(tensor, covered, sums, products));
    }
    return new TableContent(sources, entries);
  }

  private static void checkHolders(List<Integer> holders, int covered, int sources) {
    int before = -1;
    for (int holder : holders) {
      if (holder <= before || holder >= covered || covered > sources) {
        throw new IllegalArgumentException("holders");
      }
      before = holder;
    }
    if (holders.isEmpty()) {
      throw new IllegalArgumentException("no holders");
    }
  }

  /** A count of things that take so many bytes at least. */
  private static int length(ByteBuffer in, int each) {
    int count = in.getInt();
    if (count < 0 || (long) count * each > in.remaining()) {
      throw new IllegalArgumentException("count");
    }
    return count;
  }

  private static String text(ByteBuffer in) {
    var bytes = new byte[length(in, 1)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static double[] doubles(ByteBuffer in, int count) {
    if ((long) count * Double.BYTES > in.remaining()) {
      throw new IllegalArgumentException("numbers");
    }
    var numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = in.getDouble();
    }
    return numbers;
  }

  private static byte[] digest(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A buffer that makes itself larger. */
  private static final class Growing {
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    private ByteBuffer room(int bytes) {
      if (buffer.remaining() < bytes) {
        int size = Math.max(Math.addExact(buffer.position(), bytes), 2 * buffer.capacity());
        buffer = ByteBuffer.allocate(size).put(buffer.flip());
      }
      return buffer;
    }

    void bytes(byte[] bytes) {
      room(bytes.length).put(bytes);
    }

    void number(int number) {
      room(Integer.BYTES).putInt(number);
    }

    void wide(long number) {
      room(Long.BYTES).putLong(number);
    }

    void text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      bytes(bytes);
    }

    void numbers(double[] numbers) {
      room(Math.multiplyExact(numbers.length, Double.BYTES));
      for (double number : numbers) {
        buffer.putDouble(number);
      }
    }
  }
}
