package bmr.analysis.ancestry;

import bmr.tensor.DType;

/**
 * What rounding alone leaves over. Rounding to nearest has the variance ulp²/12. With x = m·2^e, 1
 * ≤ m < 2 and p bits behind the point, ulp = 2^(e−p) = 2^−p·|x|/m; where m is distributed as
 * magnitudes are over several octaves (density 1/(m ln 2)), E[1/m²] = 3/(8 ln 2), so that the sum
 * of the squares of the rounding errors of a tensor is 2^−2p · 3/(96 ln 2) · ‖x‖².
 */
final class RoundingFloor {
  private static final double MEAN = 3 / (96 * Math.log(2));

  private RoundingFloor() {}

  /** Expected sum of squares of the errors, for a tensor with a sum of squares. */
  static double of(DType type, double square) {
    return MEAN * Math.scalb(square, -2 * bits(type));
  }

  /** The most that it can be: half a unit in the last place of every value, at m = 1. */
  static double most(DType type, double square) {
    return Math.scalb(square, -2 * bits(type) - 2);
  }

  /** Bits of the significand behind the point. */
  static int bits(DType type) {
    return switch (type) {
      case F64 -> 52;
      case F32 -> 23;
      case F16 -> 10;
      case BF16 -> 7;
      case F8_E4M3, F8_E4M3FNUZ -> 3;
      case F8_E5M2, F8_E5M2FNUZ -> 2;
      case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E8M0, I16, U16, I32, U32, C64, I64, U64 -> 52;
    };
  }
}
