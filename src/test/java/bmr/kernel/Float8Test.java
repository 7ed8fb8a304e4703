package bmr.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The 8-bit formats, all codes and the roundings into them, against exact arithmetic. */
class Float8Test {
  private static final long SEED = 8_411;

  private final List<Kernel> kernels = List.of(new PlainKernel(), Kernel.best());

  /** A format by its definition: what each code is, as text from the published tables. */
  private record Format(Float8 type, int fractionBits, int bias, int infinity, String nans) {
    static final List<Format> ALL =
        List.of(
            new Format(Float8.E4M3, 3, 7, -1, " 7f ff "),
            new Format(Float8.E5M2, 2, 15, 0x7c, " 7d 7e 7f fd fe ff "),
            new Format(Float8.E4M3FNUZ, 3, 8, -1, " 80 "),
            new Format(Float8.E5M2FNUZ, 2, 16, -1, " 80 "));

    boolean nan(int code) {
      return nans.contains(String.format(" %02x ", code));
    }

    double value(int code) {
      if (nan(code)) {
        return Double.NaN;
      }
      double sign = code >= 0x80 ? -1.0 : 1.0;
      int magnitude = code % 0x80;
      if (magnitude == infinity) {
        return sign * Double.POSITIVE_INFINITY;
      }
      int exponent = magnitude >> fractionBits;
      double fraction = (magnitude % (1 << fractionBits)) / (double) (1 << fractionBits);
      return exponent == 0
          ? sign * fraction * Math.pow(2, 1 - bias)
          : sign * (1 + fraction) * Math.pow(2, exponent - bias);
    }

    /** The last code whose value is finite. */
    int last() {
      int last = 0x7f;
      while (!Double.isFinite(value(last))) {
        last--;
      }
      return last;
    }

    /** The nearest code by looking at all of them, the even one of two. */
    int round(double value) {
      boolean unsigned = nan(0x80);
      int sign = Double.doubleToRawLongBits(value) < 0 ? 0x80 : 0;
      int beyond = unsigned ? 0x80 : sign | (infinity >= 0 ? infinity : 0x7f);
      if (Double.isNaN(value)) {
        return unsigned ? 0x80 : sign | 0x7f;
      }
      if (Double.isInfinite(value)) {
        return beyond;
      }
      BigDecimal exact = new BigDecimal(Math.abs(value));
      int best = 0;
      BigDecimal least = exact;
      for (int code = 1; code <= last() + 1; code++) {
        // behind the last code stands the value that its successor would have
        double at = code <= last() ? value(code) : 2 * value(last()) - value(last() - 1);
        BigDecimal distance = new BigDecimal(at).subtract(exact).abs();
        int side = distance.compareTo(least);
        if (side < 0 || (side == 0 && code % 2 == 0)) {
          best = code;
          least = distance;
        }
      }
      if (best > last()) {
        return beyond;
      }
      return best == 0 && unsigned ? 0 : sign | best;
    }
  }

  @Test
  void theFormatsAreThoseOfTheirTags() {
    assertEquals(Float8.E4M3, Float8.of(DType.F8_E4M3).orElseThrow());
    assertEquals(Float8.E5M2, Float8.of(DType.F8_E5M2).orElseThrow());
    assertEquals(Float8.E4M3FNUZ, Float8.of(DType.F8_E4M3FNUZ).orElseThrow());
    assertEquals(Float8.E5M2FNUZ, Float8.of(DType.F8_E5M2FNUZ).orElseThrow());
    assertEquals(
        List.of(448.0, 57344.0, 240.0, 57344.0),
        List.of(Float8.values()).stream().map(Float8::largest).toList());
    for (DType dtype : DType.values()) {
      assertEquals(dtype.isFloat() && dtype.bits() == 8, Float8.of(dtype).isPresent(), dtype.tag());
    }
  }

  @Test
  void everyCodeDecodesToItsValueAndComesBack() {
    var codes = new byte[256];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) i;
    }
    for (Format format : Format.ALL) {
      for (Kernel kernel : kernels) {
        var values = new double[256];
        kernel.scaleF8(format.type(), codes, 256, 1, values);
        var back = new byte[256];
        kernel.encodeF8(format.type(), values, 256, back);
        int nonFinite = 0;
        for (int i = 0; i < 256; i++) {
          String which = format.type() + " " + i;
          assertEquals(format.value(i), values[i], which);
          nonFinite += Double.isFinite(format.value(i)) ? 0 : 1;
          if (format.nan(i)) {
            assertEquals(true, format.nan(back[i] & 0xff), which);
          } else {
            assertEquals(codes[i], back[i], which);
          }
        }
        assertEquals(nonFinite, kernel.countNonFiniteF8(format.type(), codes, 256));
        // added with a coefficient, on top of something
        var sums = new double[256];
        java.util.Arrays.fill(sums, 0.25);
        kernel.addF8(format.type(), codes, 256, 0.1, sums);
        for (int i = 0; i < 256; i++) {
          assertEquals(Math.fma(0.1, format.value(i), 0.25), sums[i]);
        }
      }
    }
  }

  @Test
  void everyHalfPrecisionValueAndEveryMiddleIsRoundedRight() {
    for (Format format : Format.ALL) {
      var values = new ArrayList<Double>();
      for (int bits = 0; bits < 1 << 16; bits++) {
        values.add((double) Float.float16ToFloat((short) bits));
      }
      for (int code = 0; code <= format.last(); code++) {
        double next =
            code < format.last()
                ? format.value(code + 1)
                : 2 * format.value(code) - format.value(code - 1);
        double middle = (format.value(code) + next) / 2;
        for (double near : new double[] {Math.nextDown(middle), middle, Math.nextUp(middle)}) {
          values.add(near);
          values.add(-near);
        }
      }
      values.addAll(
          List.of(
              Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e-300));
      Random random = new Random(SEED);
      for (int i = 0; i < 20_000; i++) {
        values.add(random.nextGaussian() * Math.pow(2, random.nextInt(40) - 22));
      }
      double[] given = values.stream().mapToDouble(Double::doubleValue).toArray();
      var expected = new byte[given.length];
      for (int i = 0; i < given.length; i++) {
        expected[i] = (byte) format.round(given[i]);
      }
      for (Kernel kernel : kernels) {
        var actual = new byte[given.length];
        kernel.encodeF8(format.type(), given, given.length, actual);
        for (int i = 0; i < given.length; i++) {
          boolean bothNan = format.nan(actual[i] & 0xff) && format.nan(expected[i] & 0xff);
          if (!bothNan) {
            assertEquals(expected[i], actual[i], format.type() + " of " + given[i]);
          }
        }
      }
    }
  }

  @Test
  void nothingSaturates() {
    var values = new double[] {464, 464.1, -500, 1e9, Double.POSITIVE_INFINITY};
    var codes = new byte[values.length];
    new PlainKernel().encodeF8(Float8.E4M3, values, values.length, codes);
    assertArrayEquals(new byte[] {0x7e, 0x7f, (byte) 0xff, 0x7f, 0x7f}, codes);
    new PlainKernel().encodeF8(Float8.E5M2, new double[] {61439, 61440}, 2, codes);
    assertEquals(0x7b, codes[0]);
    assertEquals(0x7c, codes[1]);
  }
}
