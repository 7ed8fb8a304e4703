package bmr.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/** The narrow formats, all their values and the roundings into them, against exact arithmetic. */
class NarrowTest {
  private static final long SEED = 7_411;

  private final List<Kernel> kernels = List.of(new PlainKernel(), Kernel.best());

  /** A 16-bit format, evaluated from its definition and nothing else. */
  private record Format(int fractionBits, int bias, int maxExponent) {
    static final Format F16 = new Format(10, 15, 31);
    static final Format BF16 = new Format(7, 127, 255);

    boolean finite(int bits) {
      return ((bits & 0x7fff) >>> fractionBits) != maxExponent;
    }

    boolean nan(int bits) {
      return !finite(bits) && (bits & ((1 << fractionBits) - 1)) != 0;
    }

    /** The value of a finite pattern; of infinity's, what the next step would be. */
    double value(int bits) {
      int exponent = (bits & 0x7fff) >>> fractionBits;
      int fraction = bits & ((1 << fractionBits) - 1);
      double magnitude =
          exponent == 0
              ? Math.scalb((double) fraction, 1 - bias - fractionBits)
              : Math.scalb((double) (fraction | 1 << fractionBits), exponent - bias - fractionBits);
      return (bits & 0x8000) != 0 ? -magnitude : magnitude;
    }

    int infinity() {
      return maxExponent << fractionBits;
    }

    /** The correctly rounded pattern of a finite double, by bisection and exact comparison. */
    int round(double value) {
      int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
      double magnitude = Math.abs(value);
      int low = 0;
      int high = infinity() + 1; // a pattern that no finite value reaches
      while (high - low > 1) {
        int middle = (low + high) / 2;
        if (value(middle) <= magnitude) {
          low = middle;
        } else {
          high = middle;
        }
      }
      if (low >= infinity()) {
        return sign | infinity();
      }
      BigDecimal exact = new BigDecimal(magnitude);
      BigDecimal below = exact.subtract(new BigDecimal(value(low)));
      BigDecimal above = new BigDecimal(value(low + 1)).subtract(exact);
      int side = below.compareTo(above);
      return sign | (side < 0 || (side == 0 && low % 2 == 0) ? low : low + 1);
    }
  }

  @Test
  void everyPatternDecodesToItsValueAndComesBack() {
    short[] bits = new short[1 << 16];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) i;
    }
    int n = bits.length;
    for (Kernel kernel : kernels) {
      float[] floats = new float[n];
      double[] doubles = new double[n];
      short[] fromFloats = new short[n];
      short[] fromDoubles = new short[n];
      kernel.scaleF16(bits, n, 1f, floats);
      kernel.scaleF16(bits, n, 1.0, doubles);
      kernel.encodeF16(floats, n, fromFloats);
      kernel.encodeF16(doubles, n, fromDoubles);
      checkAll(Format.F16, floats, doubles, fromFloats, fromDoubles);
      kernel.scaleBF16(bits, n, 1f, floats);
      kernel.scaleBF16(bits, n, 1.0, doubles);
      kernel.encodeBF16(floats, n, fromFloats);
      kernel.encodeBF16(doubles, n, fromDoubles);
      checkAll(Format.BF16, floats, doubles, fromFloats, fromDoubles);
    }
  }

  private static void checkAll(
      Format format, float[] floats, double[] doubles, short[] fromFloats, short[] fromDoubles) {
    for (int i = 0; i < floats.length; i++) {
      if (format.nan(i)) {
        assertTrue(Float.isNaN(floats[i]) && Double.isNaN(doubles[i]));
        assertTrue(format.nan(fromFloats[i] & 0xffff) && format.nan(fromDoubles[i] & 0xffff));
        continue;
      }
      if (format.finite(i)) {
        assertEquals(format.value(i), doubles[i]);
        assertEquals((float) format.value(i), floats[i]);
      } else {
        assertTrue(Float.isInfinite(floats[i]) && Double.isInfinite(doubles[i]));
      }
      assertEquals((short) i, fromFloats[i]);
      assertEquals((short) i, fromDoubles[i]);
    }
  }

  @Test
  void doublesAroundEveryValueAndEveryTie() {
    checkNeighbours(Format.F16, Kernel::encodeF16, Kernel::encodeF16);
    checkNeighbours(Format.BF16, Kernel::encodeBF16, Kernel::encodeBF16);
  }

  private interface Encode<A> {
    void run(Kernel kernel, A values, int n, short[] bits);
  }

  private void checkNeighbours(Format format, Encode<double[]> wide, Encode<float[]> single) {
    List<Double> values = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int pattern = 0; pattern < format.infinity(); pattern++) {
      double here = format.value(pattern);
      double tie = (here + format.value(pattern + 1)) / 2; // exact: a double has bits to spare
      int even = pattern % 2 == 0 ? pattern : pattern + 1;
      add(values, expected, here, pattern);
      add(values, expected, Math.nextUp(here), pattern);
      add(values, expected, Math.nextDown(tie), pattern);
      add(values, expected, tie, even);
      add(values, expected, Math.nextUp(tie), pattern + 1);
      // where rounding to float first would lose the difference from the tie
      add(values, expected, tie * (1 + 0x1p-30), pattern + 1);
      add(values, expected, tie * (1 - 0x1p-30), pattern);
    }
    checkEncoded(values, expected, wide);
    // the same list through floats, as far as floats hold it
    for (Kernel kernel : kernels) {
      float[] floats = new float[values.size()];
      int n = 0;
      List<Integer> wanted = new ArrayList<>();
      for (int i = 0; i < floats.length; i++) {
        float rounded = values.get(i).floatValue();
        if (rounded == values.get(i)) {
          floats[n++] = rounded;
          wanted.add(expected.get(i));
        }
      }
      short[] bits = new short[n];
      single.run(kernel, floats, n, bits);
      for (int i = 0; i < n; i++) {
        assertEquals(wanted.get(i).shortValue(), bits[i]);
      }
    }
  }

  private static void add(List<Double> values, List<Integer> expected, double value, int pattern) {
    values.add(value);
    expected.add(pattern);
    values.add(-value);
    expected.add(pattern | 0x8000);
  }

  private void checkEncoded(List<Double> values, List<Integer> expected, Encode<double[]> encode) {
    double[] doubles = values.stream().mapToDouble(value -> value).toArray();
    short[] bits = new short[doubles.length];
    for (Kernel kernel : kernels) {
      encode.run(kernel, doubles, doubles.length, bits);
      for (int i = 0; i < bits.length; i++) {
        if (expected.get(i).shortValue() != bits[i]) {
          assertEquals(
              Integer.toHexString(expected.get(i)),
              Integer.toHexString(bits[i] & 0xffff),
              kernel.description() + " of " + Double.toHexString(doubles[i]));
        }
      }
    }
  }

  @Test
  void anyDoubleIsRoundedOnce() {
    Random random = new Random(SEED);
    List<DoubleFunction<Double>> scales =
        List.of(
            x -> x,
            x -> x * 0x1p-14,
            x -> x * 0x1p-24,
            x -> x * 0x1p-126,
            x -> x * 0x1p-133,
            x -> x * 0x1p15,
            x -> x * 0x1p127);
    List<Double> values = new ArrayList<>();
    List<Integer> halves = new ArrayList<>();
    List<Integer> brains = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      double value =
          i % 4 == 0
              ? Double.longBitsToDouble(random.nextLong())
              : scales.get(i % scales.size()).apply(random.nextGaussian());
      if (Double.isFinite(value)) {
        values.add(value);
        halves.add(Format.F16.round(value));
        brains.add(Format.BF16.round(value));
      }
    }
    checkEncoded(values, halves, Kernel::encodeF16);
    checkEncoded(values, brains, Kernel::encodeBF16);
  }
}
