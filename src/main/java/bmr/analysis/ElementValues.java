package bmr.analysis;

import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.nio.ByteBuffer;

/** Elements as numbers, and how far apart neighbours of a type are. */
final class ElementValues {
  private ElementValues() {}

  /** Whether the elements of a type are whole bytes that stand for real numbers. */
  static boolean knows(DType dtype) {
    return switch (dtype) {
      case F16, BF16, F32, F64, F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> true;
      case BOOL, U8, I8, I16, U16, I32, U32, I64 -> true;
      case F4, F6_E2M3, F6_E3M2, F8_E8M0, C64, U64 -> false;
    };
  }

  /** The element at an index of little-endian bytes; integers beyond 2^53 are rounded. */
  static double value(DType dtype, ByteBuffer bytes, int i) {
    return switch (dtype) {
      case F16 -> Float.float16ToFloat(bytes.getShort(2 * i));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
      case F32 -> bytes.getFloat(4 * i);
      case F64 -> bytes.getDouble(8 * i);
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ ->
          Float8.of(dtype).orElseThrow().decode(bytes.get(i));
      case BOOL, U8 -> Byte.toUnsignedInt(bytes.get(i));
      case I8 -> bytes.get(i);
      case I16 -> bytes.getShort(2 * i);
      case U16 -> Short.toUnsignedInt(bytes.getShort(2 * i));
      case I32 -> bytes.getInt(4 * i);
      case U32 -> Integer.toUnsignedLong(bytes.getInt(4 * i));
      case I64 -> bytes.getLong(8 * i);
      case F4, F6_E2M3, F6_E3M2, F8_E8M0, C64, U64 ->
          throw new IllegalArgumentException(dtype + " is not decoded");
    };
  }

  /** The distance of neighbours at the larger of two values; 0 for integers, which do not round. */
  static double ulp(DType dtype, double a, double b) {
    return switch (dtype) {
      case F64 -> ulp(52, -1022, a, b);
      case F32 -> ulp(23, -126, a, b);
      case BF16 -> ulp(7, -126, a, b);
      case F16 -> ulp(10, -14, a, b);
      case F8_E4M3 -> ulp(3, -6, a, b);
      case F8_E4M3FNUZ -> ulp(3, -7, a, b);
      case F8_E5M2 -> ulp(2, -14, a, b);
      case F8_E5M2FNUZ -> ulp(2, -15, a, b);
      case BOOL, U8, I8, I16, U16, I32, U32, I64 -> 0;
      case F4, F6_E2M3, F6_E3M2, F8_E8M0, C64, U64 -> 0;
    };
  }

  private static double ulp(int fractionBits, int leastExponent, double a, double b) {
    int exponent = Math.getExponent(Math.max(Math.abs(a), Math.abs(b)));
    return Math.scalb(1.0, Math.max(exponent, leastExponent) - fractionBits);
  }
}
