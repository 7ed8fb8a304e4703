package bmr.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Compares stored values with exact ones: units in the last place, share correctly rounded. */
final class Agreement {
  private Agreement() {}

  /** At most one unit off, and at least 99 % correctly rounded. */
  static void check(String what, DType dtype, double[] expected, byte[] actual) {
    byte[] rounded = MemoryCheckpoint.encode(dtype, expected);
    assertEquals(rounded.length, actual.length, what);
    int wrong = 0;
    for (int i = 0; i < expected.length; i++) {
      long distance = Math.abs(ordinal(dtype, rounded, i) - ordinal(dtype, actual, i));
      // a double accumulated in another order may be some units of F64 off
      long allowed = dtype == DType.F64 ? 1L << 20 : 1;
      int index = i;
      assertTrue(
          distance <= allowed,
          () -> "%s[%d]: %d units from %s".formatted(what, index, distance, expected[index]));
      wrong += distance == 0 || dtype == DType.F64 ? 0 : 1;
    }
    int count = wrong;
    assertTrue(
        wrong <= expected.length / 100 || expected.length < 100 && wrong <= 1,
        () -> "%s: %d of %d not correctly rounded".formatted(what, count, expected.length));
  }

  /** Numbers of one type in their order, next to each other one apart. */
  private static long ordinal(DType dtype, byte[] bytes, int index) {
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (dtype) {
      case F8_E4M3, F8_E5M2 -> {
        int code = buffer.get(index);
        yield code >= 0 ? code : -(code & 0x7f);
      }
      case F16, BF16 -> {
        int bits = buffer.getShort(2 * index) & 0xffff;
        yield (bits & 0x8000) == 0 ? bits : -(bits & 0x7fff);
      }
      case F32 -> {
        int bits = buffer.getInt(4 * index);
        yield bits >= 0 ? bits : -(bits & 0x7fffffff);
      }
      case F64, I64 -> {
        long bits = buffer.getLong(8 * index);
        yield bits >= 0 ? bits : -(bits & Long.MAX_VALUE);
      }
      default -> throw new IllegalArgumentException(dtype.tag());
    };
  }
}
