package bmr.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products of many operands in lanes: both kernels against each other and against pairs. */
class GramTest {
  private static final long SEED = 4711;

  private final Kernel plain = new PlainKernel();
  private final Kernel vector = Kernel.best();

  @Test
  void everyPairHasTheBitsOfTheProductsOfTwo() {
    for (int count = 1; count <= 13; count++) {
      for (int n : new int[] {0, 1, 16, 33, 512}) {
        Random random = new Random(SEED + 1000L * count + n);
        double[][] operands = new double[count + 1][];
        for (int i = 0; i <= count; i++) {
          operands[i] = random.doubles(n, -1, 1).toArray();
        }
        for (int known = 0; known < count; known++) {
          int pairs = (count * (count + 1) - known * (known + 1)) / 2;
          double[] lanes = new double[pairs * Kernel.LANES];
          plain.addGram(operands, known, count, n, lanes);
          double[] other = new double[lanes.length];
          vector.addGram(operands, known, count, n, other);
          assertArrayEquals(lanes, other, "seed " + SEED + ", " + count + " operands, n = " + n);
          int at = 0;
          for (int column = known; column < count; column++) {
            for (int row = 0; row <= column; row++, at += Kernel.LANES) {
              double expected = plain.products(operands[row], operands[column], n).leftRight();
              assertEquals(expected, Kernel.laneTotal(other, at));
            }
          }
        }
      }
    }
  }

  @Test
  void partsOfABlockAddUpToTheWhole() {
    Random random = new Random(SEED);
    int n = 512 + 37;
    double[][] operands = {random.doubles(n).toArray(), random.doubles(n).toArray()};
    double[][] first = {Arrays.copyOf(operands[0], 512), Arrays.copyOf(operands[1], 512)};
    double[][] rest = {
      Arrays.copyOfRange(operands[0], 512, n), Arrays.copyOfRange(operands[1], 512, n)
    };
    for (Kernel kernel : new Kernel[] {plain, vector}) {
      double[] whole = new double[3 * Kernel.LANES];
      kernel.addGram(operands, 0, 2, n, whole);
      double[] parts = new double[whole.length];
      kernel.addGram(first, 0, 2, 512, parts);
      kernel.addGram(rest, 0, 2, 37, parts);
      assertArrayEquals(whole, parts);
    }
  }

  @Test
  void sumsAndDifferencesAgree() {
    for (int n : new int[] {0, 1, 15, 16, 100, 512}) {
      Random random = new Random(SEED + n);
      double[] values = random.doubles(n).toArray();
      double[] lanes = new double[3 * Kernel.LANES];
      plain.addSums(values, n, lanes, Kernel.LANES);
      double[] other = new double[lanes.length];
      vector.addSums(values, n, other, Kernel.LANES);
      assertArrayEquals(lanes, other);
      assertEquals(Arrays.stream(values).sum(), Kernel.laneTotal(lanes, Kernel.LANES), 1e-10);
      assertEquals(0, Kernel.laneTotal(lanes, 0));
      double[] difference = values.clone();
      vector.subtract(values, n, difference);
      assertArrayEquals(new double[n], difference);
    }
  }
}
