package bmr.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Plain loops against the Vector API, bit by bit (NaN as a class). */
class KernelTest {
  private static final long SEED = 20_26_11_24L;
  private static final int[] SIZES = {
    0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 1000, 1023, 1024, 1025, 4099
  };

  private final Kernel plain = new PlainKernel();
  private final Kernel vector = Kernel.best();

  private interface Loop<A, C, R> {
    void run(Kernel kernel, A values, int n, C coefficient, R result);
  }

  @Test
  void theBestKernelIsTheVectorOne() {
    assertInstanceOf(VectorKernel.class, vector);
    assertTrue(vector.description().matches("Vector API, (128|256|512) bits"));
    assertEquals("plain loops", plain.description());
  }

  @Test
  void scaleAndAddInSinglePrecision() {
    List<Loop<short[], Float, float[]>> halves =
        List.of(Kernel::scaleF16, Kernel::addF16, Kernel::scaleBF16, Kernel::addBF16);
    List<Loop<float[], Float, float[]>> singles = List.of(Kernel::scaleF32, Kernel::addF32);
    List<Loop<double[], Double, float[]>> doubles = List.of(Kernel::scaleF64, Kernel::addF64);
    for (int n : SIZES) {
      Random random = new Random(SEED + n);
      float coefficient = random.nextFloat() * 2 - 1;
      float[] start = floats(n, random);
      halves.forEach(loop -> compare(loop, shorts(n, random), n, coefficient, start));
      singles.forEach(loop -> compare(loop, floats(n, random), n, coefficient, start));
      doubles.forEach(loop -> compare(loop, doubles(n, random), n, (double) coefficient, start));
    }
  }

  private <A, C> void compare(Loop<A, C, float[]> loop, A values, int n, C factor, float[] start) {
    float[] expected = start.clone();
    float[] actual = start.clone();
    loop.run(plain, values, n, factor, expected);
    loop.run(vector, values, n, factor, actual);
    for (int i = 0; i < start.length; i++) {
      // floatToIntBits makes all NaNs one
      assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(actual[i]), "at " + i);
    }
  }

  @Test
  void scaleAndAddInDoublePrecision() {
    List<Loop<short[], Double, double[]>> halves =
        List.of(Kernel::scaleF16, Kernel::addF16, Kernel::scaleBF16, Kernel::addBF16);
    List<Loop<float[], Double, double[]>> singles = List.of(Kernel::scaleF32, Kernel::addF32);
    List<Loop<double[], Double, double[]>> doubles = List.of(Kernel::scaleF64, Kernel::addF64);
    for (int n : SIZES) {
      Random random = new Random(SEED + n);
      double coefficient = random.nextDouble() * 2 - 1;
      double[] start = doubles(n, random);
      halves.forEach(loop -> compare(loop, shorts(n, random), n, coefficient, start));
      singles.forEach(loop -> compare(loop, floats(n, random), n, coefficient, start));
      doubles.forEach(loop -> compare(loop, doubles(n, random), n, coefficient, start));
    }
  }

  private <A> void compare(
      Loop<A, Double, double[]> loop, A values, int n, double factor, double[] start) {
    double[] expected = start.clone();
    double[] actual = start.clone();
    loop.run(plain, values, n, factor, expected);
    loop.run(vector, values, n, factor, actual);
    for (int i = 0; i < start.length; i++) {
      assertEquals(
          Double.doubleToLongBits(expected[i]), Double.doubleToLongBits(actual[i]), "at " + i);
    }
  }

  @Test
  void scaleAndAddMeanWhatTheyAreDocumentedToMean() {
    for (Kernel kernel : List.of(plain, vector)) {
      short[] half = {Float.floatToFloat16(1.5f)};
      short[] brain = {Narrow.toBF16(-2.5f)};
      float[] single = {0.1f};
      double[] exact = {0.1};
      float[] sum = new float[1];
      kernel.scaleF16(half, 1, 0.3f, sum);
      assertEquals(0.3f * 1.5f, sum[0]);
      kernel.addBF16(brain, 1, 0.7f, sum);
      assertEquals(Math.fma(0.7f, -2.5f, 0.3f * 1.5f), sum[0]);
      kernel.scaleBF16(brain, 1, 0.7f, sum);
      assertEquals(0.7f * -2.5f, sum[0]);
      kernel.addF16(half, 1, 0.3f, sum);
      assertEquals(Math.fma(0.3f, 1.5f, 0.7f * -2.5f), sum[0]);
      kernel.scaleF32(single, 1, 0.3f, sum);
      kernel.addF32(single, 1, 0.7f, sum);
      assertEquals(Math.fma(0.7f, 0.1f, 0.3f * 0.1f), sum[0]);
      kernel.scaleF64(exact, 1, 0.3, sum);
      assertEquals((float) (0.3 * 0.1), sum[0]);
      kernel.addF64(exact, 1, 0.7, sum);
      assertEquals((float) Math.fma(0.7, 0.1, (double) (float) (0.3 * 0.1)), sum[0]);
      double[] wide = new double[1];
      kernel.scaleF16(half, 1, 0.3, wide);
      kernel.addBF16(brain, 1, 0.7, wide);
      assertEquals(Math.fma(0.7, -2.5, 0.3 * 1.5), wide[0]);
      kernel.scaleBF16(brain, 1, 0.7, wide);
      kernel.addF16(half, 1, 0.3, wide);
      assertEquals(Math.fma(0.3, 1.5, 0.7 * -2.5), wide[0]);
      kernel.scaleF32(single, 1, 0.3, wide);
      kernel.addF64(exact, 1, 0.7, wide);
      assertEquals(Math.fma(0.7, 0.1, 0.3 * (double) 0.1f), wide[0]);
      kernel.scaleF64(exact, 1, 0.3, wide);
      kernel.addF32(single, 1, 0.7, wide);
      assertEquals(Math.fma(0.7, (double) 0.1f, 0.3 * 0.1), wide[0]);
    }
  }

  @Test
  void combiningIsScalingAndAddingInOrder() {
    for (Kernel kernel : List.of(plain, vector)) {
      for (int terms = 1; terms <= 12; terms++) {
        int n = 40 + terms;
        Random random = new Random(SEED + terms);
        short[][] bits = new short[terms + 1][];
        for (int term = 0; term < terms; term++) {
          bits[term] = shorts(n, random);
        }
        bits[terms] = new short[0]; // more blocks than terms
        float[] factors = floats(terms, random);
        float[] expected = new float[n];
        float[] actual = new float[n];
        plain.scaleF16(bits[0], n, factors[0], expected);
        for (int term = 1; term < terms; term++) {
          plain.addF16(bits[term], n, factors[term], expected);
        }
        kernel.combineF16(bits, factors, terms, n, actual);
        assertArrayEquals(expected, actual);
        plain.scaleBF16(bits[0], n, factors[0], expected);
        for (int term = 1; term < terms; term++) {
          plain.addBF16(bits[term], n, factors[term], expected);
        }
        kernel.combineBF16(bits, factors, terms, n, actual);
        assertArrayEquals(expected, actual);
      }
    }
  }

  @Test
  void countsOfNonFiniteValues() {
    for (int n : SIZES) {
      Random random = new Random(SEED + n);
      short[] bits = shorts(n, random);
      float[] floats = floats(n, random);
      double[] doubles = doubles(n, random);
      int halves = 0;
      int brains = 0;
      int singles = 0;
      int wides = 0;
      for (int i = 0; i < n; i++) {
        halves += Float.isFinite(Float.float16ToFloat(bits[i])) ? 0 : 1;
        brains += Float.isFinite(Float.intBitsToFloat(bits[i] << 16)) ? 0 : 1;
        singles += Float.isFinite(floats[i]) ? 0 : 1;
        wides += Double.isFinite(doubles[i]) ? 0 : 1;
      }
      for (Kernel kernel : List.of(plain, vector)) {
        assertEquals(halves, kernel.countNonFiniteF16(bits, n));
        assertEquals(brains, kernel.countNonFiniteBF16(bits, n));
        assertEquals(singles, kernel.countNonFinite(floats, n));
        assertEquals(wides, kernel.countNonFinite(doubles, n));
      }
    }
  }

  @Test
  void encodingsAgree() {
    for (int n : SIZES) {
      Random random = new Random(SEED + n);
      float[] floats = floats(n, random);
      double[] doubles = doubles(n, random);
      short[] expected = new short[n];
      short[] actual = new short[n];
      plain.encodeF16(floats, n, expected);
      vector.encodeF16(floats, n, actual);
      assertArrayEquals(expected, actual);
      plain.encodeBF16(floats, n, expected);
      vector.encodeBF16(floats, n, actual);
      assertArrayEquals(expected, actual);
      plain.encodeF16(doubles, n, expected);
      vector.encodeF16(doubles, n, actual);
      assertArrayEquals(expected, actual);
      plain.encodeBF16(doubles, n, expected);
      vector.encodeBF16(doubles, n, actual);
      assertArrayEquals(expected, actual);
      float[] expectedFloats = new float[n];
      float[] actualFloats = new float[n];
      plain.encodeF32(doubles, n, expectedFloats);
      vector.encodeF32(doubles, n, actualFloats);
      assertArrayEquals(expectedFloats, actualFloats);
    }
  }

  @Test
  void shortArraysAreRefused() {
    for (Kernel kernel : List.of(plain, vector)) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernel.scaleBF16(new short[40], 41, 1f, new float[41]));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernel.addF16(new short[41], 41, 1.0, new double[40]));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernel.products(new double[41], new double[40], 41));
    }
  }

  static short[] shorts(int n, Random random) {
    short[] bits = new short[n];
    for (int i = 0; i < n; i++) {
      bits[i] = (short) random.nextInt(); // every class of values: both formats are dense
    }
    return bits;
  }

  static float[] floats(int n, Random random) {
    float[] edges = {
      0f,
      -0f,
      65504f,
      65519.996f,
      65520f,
      -65520f,
      Float.MAX_VALUE,
      Float.MIN_VALUE,
      0x1p-24f,
      0x1p-25f,
      0x1.000002p-25f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      0x1p-126f,
      0x1.fep127f,
      0x1.ffp127f,
      Float.intBitsToFloat(0x7fffffff),
      Float.intBitsToFloat(0xff800001)
    };
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (random.nextInt(4)) {
            case 0 -> edges[random.nextInt(edges.length)];
            case 1 -> Float.intBitsToFloat(random.nextInt());
            default -> (float) random.nextGaussian();
          };
    }
    return values;
  }

  static double[] doubles(int n, Random random) {
    double[] edges = {
      0.0,
      -0.0,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      65520.0,
      Math.nextDown(65520.0),
      0x1p-25,
      Math.nextUp(0x1p-25),
      0x1p-134,
      Math.nextUp(0x1p-134),
      -0x1p128,
      Math.nextDown(0x1p128),
      0x1.ffp127
    };
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (random.nextInt(4)) {
            case 0 -> edges[random.nextInt(edges.length)];
            case 1 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextGaussian();
          };
    }
    return values;
  }
}
