package bmr.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.kernel.Kernel.Products;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Inner products against exact decimal arithmetic, and both kernels against each other. */
class ProductsTest {
  private static final long SEED = 99;

  private final Kernel plain = new PlainKernel();
  private final Kernel vector = Kernel.best();

  @Test
  void bothKernelsGiveTheSameBits() {
    for (int n = 0; n < 70; n++) {
      check(n);
    }
    check(1000);
    check(4099);
  }

  private void check(int n) {
    Random random = new Random(SEED + n);
    double[] left = random.doubles(n + 3, -1, 1).toArray();
    double[] right = random.doubles(n + 3, -1, 1).toArray();
    Products expected = plain.products(left, right, n);
    assertEquals(expected, vector.products(left, right, n), "n = " + n);
    near(exact(left, left, n), expected.leftLeft(), n);
    near(exact(left, right, n), expected.leftRight(), n);
    near(exact(right, right, n), expected.rightRight(), n);
    double[] difference = new double[n];
    Arrays.setAll(difference, i -> left[i] - right[i]);
    near(exact(difference, difference, n), expected.distance(), n);
  }

  private static BigDecimal exact(double[] left, double[] right, int n) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      sum = sum.add(new BigDecimal(left[i]).multiply(new BigDecimal(right[i])));
    }
    return sum;
  }

  /** All terms are at most 4; each of n/16 + 4 additions loses half a unit at most. */
  private static void near(BigDecimal exact, double actual, int n) {
    double bound = 4.0 * n * (n / 16 + 4) * 0x1p-53;
    double error = exact.subtract(new BigDecimal(actual)).abs().doubleValue();
    assertTrue(error <= bound, () -> "n = " + n + ": off by " + error + ", bound " + bound);
  }

  @Test
  void elementsGoToSixteenLanesThatAreAddedInHalves() {
    // lane 0: 1e16 + 1 + -1e16 loses the 1; another order would keep it
    double[] left = new double[48];
    double[] ones = new double[48];
    Arrays.fill(ones, 1);
    left[0] = 1e16;
    left[16] = 1;
    left[32] = -1e16;
    left[8] = 3;
    for (Kernel kernel : List.of(plain, vector)) {
      assertEquals(3, kernel.products(left, ones, 48).leftRight());
    }
  }

  @Test
  void floatsAreWidenedFirst() {
    for (int n : new int[] {0, 1, 15, 16, 17, 1000, 1024, 1025, 3000}) {
      Random random = new Random(SEED + n);
      float[] left = new float[n];
      float[] right = new float[n];
      double[] wideLeft = new double[n];
      double[] wideRight = new double[n];
      for (int i = 0; i < n; i++) {
        wideLeft[i] = left[i] = random.nextFloat() - 0.5f;
        wideRight[i] = right[i] = random.nextFloat() - 0.5f;
      }
      Products expected = plain.products(wideLeft, wideRight, n);
      assertEquals(expected, plain.products(left, right, n));
      assertEquals(expected, vector.products(left, right, n));
    }
  }

  @Test
  void gramAddsTheProductsOfEachPair() {
    for (int n : new int[] {0, 1, 15, 16, 17, 1000, 4099}) {
      Random random = new Random(SEED + n);
      double[] a = random.doubles(n, -1, 1).toArray();
      double[] b = random.doubles(n, -1, 1).toArray();
      double[] c = random.doubles(n, -1, 1).toArray();
      double[] expected = {
        1 + plain.products(a, a, n).leftLeft(),
        2 + plain.products(a, b, n).leftRight(),
        3 + plain.products(a, c, n).leftRight(),
        4 + plain.products(b, b, n).leftLeft(),
        5 + plain.products(b, c, n).leftRight(),
        6 + plain.products(c, c, n).leftLeft()
      };
      for (Kernel kernel : List.of(plain, vector)) {
        double[] triangle = {1, 2, 3, 4, 5, 6};
        kernel.gram(new double[][] {a, b, c, {}}, 3, n, triangle);
        assertArrayEquals(expected, triangle);
      }
    }
  }

  @Test
  void blocksOfOneTensorAdd() {
    Random random = new Random(SEED);
    int n = 512;
    double[] left = new double[n];
    double[] right = new double[n];
    // small whole numbers: every sum is exact, so that any split must agree to the bit
    for (int i = 0; i < n; i++) {
      left[i] = random.nextInt(-50, 50);
      right[i] = random.nextInt(-50, 50);
    }
    for (Kernel kernel : List.of(plain, vector)) {
      Products whole = kernel.products(left, right, n);
      for (int cut : new int[] {0, 1, 16, 100, 511, 512}) {
        Products first = kernel.products(left, right, cut);
        Products second =
            kernel.products(
                Arrays.copyOfRange(left, cut, n), Arrays.copyOfRange(right, cut, n), n - cut);
        assertEquals(whole, first.plus(second));
      }
      assertEquals(whole, Products.ZERO.plus(whole));
    }
  }

  @Test
  void notANumberShows() {
    for (Kernel kernel : List.of(plain, vector)) {
      double[] left = new double[20];
      left[17] = Double.NaN;
      Products products = kernel.products(left, new double[20], 20);
      assertTrue(Double.isNaN(products.leftLeft()));
      assertTrue(Double.isNaN(products.leftRight()));
      assertEquals(0, products.rightRight());
    }
  }

  @Test
  void cosineOfSpecialCases() {
    assertEquals(1, Products.ZERO.cosine());
    assertEquals(0, new Products(4, 0, 0, 4).cosine());
    assertEquals(0, new Products(0, 0, 9, 9).cosine());
    assertEquals(-1, new Products(4, -6, 9, 25).cosine());
    // norms whose product would overflow
    assertEquals(1, new Products(1e300, 1e300, 1e300, 0).cosine(), 1e-15);
  }
}
