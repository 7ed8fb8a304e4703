package bmr.kernel;

/** Conversions of single values to and from the narrow formats. */
final class Narrow {
  /** The bits of a double's fraction that {@link #toOddFloat} folds into the lowest kept bit. */
  static final long FOLDED = (1L << 37) - 1;

  private Narrow() {}

  static float fromBF16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds to nearest, ties to even; NaN stays NaN. */
  static short toBF16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    // rounding up could carry a NaN's payload into infinity or into the sign
    return (short) (Float.isNaN(value) ? (bits >>> 16) | 0x40 : rounded);
  }

  /**
   * A float that rounds to the same F16 and BF16 value as the double. (Rounding twice to nearest
   * does not: the first rounding may land on a tie of the second.)
   *
   * <p>The value is cut to 16 significant bits, and the last of them is set where anything was cut
   * off: rounding to odd. A second rounding to nearest with at least two bits fewer then equals one
   * rounding of the original (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums:
   * proved algorithms using rounding to odd", 2008): F16 has 11 bits, BF16 8, their subnormals
   * fewer. The cast to float is exact from 2^-134 on, because 16 bits reach down to 2^-149, float's
   * smallest step; smaller values become zero in both formats (half of BF16's smallest is 2^-134,
   * itself a tie that goes to zero). From 2^128 on the cast gives infinity, as both formats do.
   */
  static float toOddFloat(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return (float) Double.longBitsToDouble((bits | ((bits & FOLDED) + FOLDED)) & ~FOLDED);
  }
}
