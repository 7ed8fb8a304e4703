package bmr.tensor;

import java.util.Optional;

/**
 * Codes and values of the 8-bit float types. E4M3 is E4M3FN of "FP8 Formats for Deep Learning"
 * (Micikevicius et al. 2022): no infinity, one NaN of either sign. E5M2 is laid out as F16 is. The
 * FNUZ kinds (Noune et al. 2022) have neither infinity nor a negative zero, whose code is their
 * NaN.
 *
 * <p>Values beyond the largest finite one, once rounded, become infinite in E5M2 and NaN in the
 * others, as {@code Tensor.to} of PyTorch makes them; nothing saturates silently.
 */
public enum Float8 {
  E4M3(3, 7, 0x7e, 0x7f, 0x7f, false),
  E5M2(2, 15, 0x7b, 0x7c, 0x7f, false),
  E4M3FNUZ(3, 8, 0x7f, 0x80, 0x80, true),
  E5M2FNUZ(2, 16, 0x7f, 0x80, 0x80, true);

  private static final int DOUBLE_BIAS = 1023;
  private static final int DOUBLE_FRACTION_BITS = 52;

  private final int fractionBits;
  private final int smallestExponent;
  private final int largest;
  private final int overflow;
  private final int nan;
  private final boolean unsignedZero;

  @SuppressWarnings("ImmutableEnumChecker") // written by the constructor alone
  private final double[] values = new double[256];

  Float8(int fractionBits, int bias, int largest, int overflow, int nan, boolean unsignedZero) {
    this.fractionBits = fractionBits;
    this.smallestExponent = 1 - bias;
    this.largest = largest;
    this.overflow = overflow;
    this.nan = nan;
    this.unsignedZero = unsignedZero;
    for (int code = 0; code < values.length; code++) {
      values[code] = decoded(code);
    }
  }

  /** The codec of a type, if it is one of these four. */
  public static Optional<Float8> of(DType dtype) {
    return switch (dtype) {
      case F8_E4M3 -> Optional.of(E4M3);
      case F8_E5M2 -> Optional.of(E5M2);
      case F8_E4M3FNUZ -> Optional.of(E4M3FNUZ);
      case F8_E5M2FNUZ -> Optional.of(E5M2FNUZ);
      case BOOL,
          F4,
          F6_E2M3,
          F6_E3M2,
          U8,
          I8,
          F8_E8M0,
          I16,
          U16,
          F16,
          BF16,
          I32,
          U32,
          F32,
          C64,
          F64,
          I64,
          U64 ->
          Optional.empty();
    };
  }

  private double decoded(int code) {
    int magnitude = code & 0x7f;
    if (unsignedZero && code == nan) {
      return Double.NaN;
    }
    double value;
    if (magnitude > largest) {
      value = magnitude == overflow && overflow != nan ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      int exponent = magnitude >>> fractionBits;
      int fraction = magnitude & ((1 << fractionBits) - 1);
      value =
          exponent == 0
              ? Math.scalb((double) fraction, smallestExponent - fractionBits)
              : Math.scalb(
                  (double) (fraction | 1 << fractionBits),
                  exponent - 1 + smallestExponent - fractionBits);
    }
    return code > 0x7f ? -value : value;
  }

  /** The value of a code, exact; the sign of a byte is of no account. */
  public double decode(byte code) {
    return values[code & 0xff];
  }

  /** Whether a code stands for a number. */
  public boolean isFinite(byte code) {
    return unsignedZero ? (code & 0xff) != nan : (code & 0x7f) <= largest;
  }

  /** The largest finite value. */
  public double largest() {
    return values[largest];
  }

  /** The code of a value rounded to nearest, ties to even. */
  public byte encode(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int sign = bits < 0 ? 0x80 : 0;
    double magnitude = Math.abs(value);
    if (!(magnitude <= 2 * values[largest])) {
      return signed(Double.isNaN(value) ? nan : overflow, sign);
    }
    int exponent =
        Math.max(
            (int) ((bits & Long.MAX_VALUE) >>> DOUBLE_FRACTION_BITS) - DOUBLE_BIAS,
            smallestExponent);
    // the distance of neighbouring codes is a power of two, so that scaling is exact
    double perStep =
        Double.longBitsToDouble(
            (long) (DOUBLE_BIAS + fractionBits - exponent) << DOUBLE_FRACTION_BITS);
    int steps = (int) Math.rint(magnitude * perStep);
    // a carry out of the fraction goes into the exponent by itself
    int code = (exponent - smallestExponent << fractionBits) + steps;
    return signed(code > largest ? overflow : code, sign);
  }

  private byte signed(int code, int sign) {
    boolean single = unsignedZero && (code == 0 || code == nan);
    return (byte) (single ? code : code | sign);
  }
}
