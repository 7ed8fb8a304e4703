package bmr.analysis;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.kernel.Kernel;
import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Finds values that are NaN or infinite, by reading a whole file once. */
public final class NonFiniteValues {
  private static final int CHUNK = 1 << 20;

  private final Kernel kernel = Kernel.best();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] codes = new byte[CHUNK];
  private final short[] shorts = new short[CHUNK / Short.BYTES];
  private final float[] floats = new float[CHUNK / Float.BYTES];
  private final double[] doubles = new double[CHUNK / Double.BYTES];

  private NonFiniteValues() {}

  /**
   * Counts them in the tensors of types that bmr computes with.
   *
   * @param cancelled asked for every megabyte
   * @return tensors that hold any, by canonical key, in the order of the file
   */
  public static SequencedMap<String, Long> count(Checkpoint file, BooleanSupplier cancelled)
      throws IOException {
    var counter = new NonFiniteValues();
    var counts = new LinkedHashMap<String, Long>();
    for (StoredTensor tensor : file.stored().values()) {
      if (tensor.info().dtype().isFloat()) {
        long count = counter.count(file, tensor, cancelled);
        if (count > 0) {
          counts.put(tensor.info().key(), count);
        }
      }
    }
    return counts;
  }

  private long count(Checkpoint file, StoredTensor tensor, BooleanSupplier cancelled)
      throws IOException {
    long count = 0;
    long size = tensor.info().bytes();
    for (long from = 0; from < size; from += CHUNK) {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException();
      }
      bytes.clear().limit((int) Math.min(CHUNK, size - from));
      file.read(bytes, tensor.position() + from);
      bytes.flip();
      count += count(tensor.info().dtype());
    }
    return count;
  }

  private int count(DType dtype) {
    int n = bytes.remaining() * 8 / dtype.bits();
    return switch (dtype) {
      case F16 -> {
        bytes.asShortBuffer().get(shorts, 0, n);
        yield kernel.countNonFiniteF16(shorts, n);
      }
      case BF16 -> {
        bytes.asShortBuffer().get(shorts, 0, n);
        yield kernel.countNonFiniteBF16(shorts, n);
      }
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
        bytes.get(codes, 0, n);
        yield kernel.countNonFiniteF8(Float8.of(dtype).orElseThrow(), codes, n);
      }
      case F32 -> {
        bytes.asFloatBuffer().get(floats, 0, n);
        yield kernel.countNonFinite(floats, n);
      }
      case F64 -> {
        bytes.asDoubleBuffer().get(doubles, 0, n);
        yield kernel.countNonFinite(doubles, n);
      }
      case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E8M0, I16, U16, I32, U32, C64, I64, U64 -> 0;
    };
  }
}
