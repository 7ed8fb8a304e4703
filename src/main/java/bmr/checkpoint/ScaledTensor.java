package bmr.checkpoint;

import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.tensor.Float8;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The F32 bytes of a tensor of 8-bit codes with one scale, or with one for each row. */
final class ScaledTensor implements AddressMap.Bytes {
  /** Elements decoded at a time: bounds the memory of a read. */
  private static final int PIECE = 1 << 14;

  private final Checkpoint file;
  private final StoredTensor codes;
  private final StoredTensor scales;
  private final Float8 type;
  private final long rowElements;

  /**
   * A tensor to decode.
   *
   * @param scales one number, or as many as the codes have rows
   */
  ScaledTensor(Checkpoint file, StoredTensor codes, StoredTensor scales) {
    this.file = file;
    this.codes = codes;
    this.scales = scales;
    this.type = Float8.of(codes.info().dtype()).orElseThrow();
    long elements = codes.info().elements();
    long count = scales.info().elements();
    this.rowElements = Math.max(1, count == 0 ? elements : elements / count);
  }

  @Override
  public void read(ByteBuffer target, long offset) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      long first = at / Float.BYTES;
      long behind = Math.ceilDiv(at + target.remaining(), Float.BYTES);
      int n = (int) Math.min(PIECE, behind - first);
      ByteBuffer values = decode(first, n);
      values.position((int) (at - first * Float.BYTES));
      values.limit(Math.min(values.limit(), values.position() + target.remaining()));
      at += values.remaining();
      target.put(values);
    }
  }

  private ByteBuffer decode(long first, int n) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(n);
    file.read(bytes, codes.position() + first);
    byte[] code = bytes.array();
    long row = first / rowElements;
    double[] scale = scales(row, (first + n - 1) / rowElements);
    ByteBuffer values = ByteBuffer.allocate(n * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long left = (row + 1) * rowElements - first;
    int index = 0;
    for (int i = 0; i < n; i++) {
      if (left == 0) {
        index++;
        left = rowElements;
      }
      left--;
      values.putFloat((float) (type.decode(code[i]) * scale[index]));
    }
    return values.flip();
  }

  /** The scales from one row to another, which is counted in. */
  private double[] scales(long from, long to) throws IOException {
    TensorInfo info = scales.info();
    int size = info.dtype().bits() / 8;
    int n = (int) (to - from + 1);
    ByteBuffer bytes = ByteBuffer.allocate(n * size).order(ByteOrder.LITTLE_ENDIAN);
    file.read(bytes, scales.position() + from * size);
    var values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (info.dtype()) {
            case F16 -> Float.float16ToFloat(bytes.getShort(i * size));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(i * size) << 16);
            case F32 -> bytes.getFloat(i * size);
            case F64 -> bytes.getDouble(i * size);
            default -> throw new IllegalStateException("scales of type " + info.dtype());
          };
    }
    return values;
  }

  @Override
  public void willNeed(long offset, long length) {
    long first = offset / Float.BYTES;
    long behind = Math.ceilDiv(offset + length, Float.BYTES);
    file.willNeed(codes.position() + first, behind - first);
  }
}
