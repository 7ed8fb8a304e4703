package bmr.checkpoint;

import bmr.tensor.DType;
import bmr.tensor.Float8;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of a text encoder's table of positions, 0 to 76. Merges that blended it left fractions
 * or other numbers, which damages long prompts.
 *
 * @param key in the canonical spelling
 * @param dtype int64 where nobody touched it
 */
public record PositionIds(String key, DType dtype, State state) {
  private static final int COUNT = 77;
  private static final String SUFFIX = ".position_ids";

  /** What the table holds. */
  public enum State {
    /** The whole numbers 0 to 76 in order. */
    GOOD,
    /** Other numbers, or another number of them. */
    BROKEN
  }

  /** Whether a key names such a table. */
  static boolean isKey(String key) {
    return key.endsWith(SUFFIX);
  }

  /** Reads the tables of a file, at most 77 values each. */
  public static List<PositionIds> read(Checkpoint checkpoint) throws IOException {
    var all = new ArrayList<PositionIds>();
    for (var stored : checkpoint.stored().values()) {
      if (isKey(stored.info().key())) {
        all.add(read(checkpoint, stored));
      }
    }
    return List.copyOf(all);
  }

  private static PositionIds read(Checkpoint checkpoint, Checkpoint.StoredTensor stored)
      throws IOException {
    TensorInfo info = stored.info();
    boolean good = info.elements() == COUNT && isReadable(info.dtype());
    if (good) {
      ByteBuffer bytes = ByteBuffer.allocate((int) info.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      checkpoint.read(bytes, stored.position());
      bytes.flip();
      for (int i = 0; i < COUNT; i++) {
        good &= next(bytes, info.dtype()) == i;
      }
    }
    return new PositionIds(info.key(), info.dtype(), good ? State.GOOD : State.BROKEN);
  }

  private static boolean isReadable(DType dtype) {
    return switch (dtype) {
      case U8,
          I8,
          F8_E4M3,
          F8_E5M2,
          F8_E4M3FNUZ,
          F8_E5M2FNUZ,
          I16,
          U16,
          F16,
          BF16,
          I32,
          U32,
          F32,
          F64,
          I64,
          U64 ->
          true;
      case BOOL, F4, F6_E2M3, F6_E3M2, F8_E8M0, C64 -> false;
    };
  }

  private static double next(ByteBuffer bytes, DType dtype) {
    return switch (dtype) {
      case U8, I8 -> bytes.get();
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ ->
          Float8.of(dtype).orElseThrow().decode(bytes.get());
      case I16, U16 -> bytes.getShort();
      case F16 -> Float.float16ToFloat(bytes.getShort());
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
      case I32, U32 -> bytes.getInt();
      case F32 -> bytes.getFloat();
      case F64 -> bytes.getDouble();
      case I64, U64 -> bytes.getLong();
      case BOOL, F4, F6_E2M3, F6_E3M2, F8_E8M0, C64 -> Double.NaN;
    };
  }

  /** Whether it is as the original models have it. */
  public boolean isUntouched() {
    return state == State.GOOD && dtype == DType.I64;
  }
}
