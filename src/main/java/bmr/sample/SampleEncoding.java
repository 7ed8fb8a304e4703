package bmr.sample;

import bmr.tensor.DType;
import java.nio.ByteBuffer;

/** Encodes values in the element types that samples have. */
final class SampleEncoding {
  /** The smallest normal number of F16: below it F16 has fewer digits than BF16. */
  private static final float SMALLEST = 0x1p-14f;

  private SampleEncoding() {}

  static void check(DType dtype) {
    switch (dtype) {
      case F16, BF16, F32, F64, I32, I64 -> {}
      case BOOL,
          F4,
          F6_E2M3,
          F6_E3M2,
          U8,
          I8,
          F8_E5M2,
          F8_E4M3,
          F8_E8M0,
          F8_E4M3FNUZ,
          F8_E5M2FNUZ,
          I16,
          U16,
          U32,
          C64,
          U64 ->
          throw new IllegalArgumentException("no samples in " + dtype);
    }
  }

  /** Appends one value. */
  static void put(double value, DType dtype, ByteBuffer target) {
    switch (dtype) {
      case F64 -> target.putDouble(value);
      case I64 -> target.putLong((long) value);
      case I32 -> target.putInt((int) value);
      default -> put(new float[] {(float) value}, 1, dtype, target);
    }
  }

  /** Appends the first values of an array. */
  static void put(float[] values, int count, DType dtype, ByteBuffer target) {
    switch (dtype) {
      case F32 -> {
        target.slice().order(target.order()).asFloatBuffer().put(values, 0, count);
        target.position(target.position() + 4 * count);
      }
      case F16, BF16 -> {
        short[] encoded = new short[count];
        if (dtype == DType.F16) {
          for (int i = 0; i < count; i++) {
            encoded[i] = Float.floatToFloat16(values[i]);
          }
        } else {
          for (int i = 0; i < count; i++) {
            encoded[i] = (short) (roundedToBf16(values[i]) >>> 16);
          }
        }
        target.slice().order(target.order()).asShortBuffer().put(encoded, 0, count);
        target.position(target.position() + 2 * count);
      }
      default -> {
        for (int i = 0; i < count; i++) {
          put((double) values[i], dtype, target);
        }
      }
    }
  }

  /** Makes values such that F16, BF16 and F32 all hold them exactly. */
  static void coarsen(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      float value = Float.intBitsToFloat(roundedToBf16(values[i]) & 0xFFFF0000);
      values[i] = Math.abs(value) < SMALLEST ? 0 : value;
    }
  }

  /** The bits of a finite float, whose upper half is the nearest BF16, ties to even. */
  private static int roundedToBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits + 0x7FFF + ((bits >>> 16) & 1);
  }
}
