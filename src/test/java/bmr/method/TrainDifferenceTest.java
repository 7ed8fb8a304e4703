package bmr.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainDifferenceTest {
  private static final long SEED = 17;

  private final TrainDifference method = new TrainDifference();

  private double[] apply(double alpha, double[] a, double[] b, double[] c) {
    double[] result = new double[a.length];
    method.apply(new double[][] {a, b, c}, new double[] {alpha}, a.length, result);
    return result;
  }

  @Test
  void casesByHand() {
    // A=1, B=3, C=2: |B−A|=2, |B−C|=1, ratio 2/3, 1 + 1.8·2/3·1 = 2.2
    assertArrayEquals(
        new double[] {2.2}, apply(1, new double[] {1}, new double[] {3}, new double[] {2}), 1e-15);
    // the sign of B−C: A=1, B=3, C=4: 1 − 1.2; at half strength 1 − 0.6
    assertArrayEquals(
        new double[] {0.4},
        apply(0.5, new double[] {1}, new double[] {3}, new double[] {4}),
        1e-15);
    // A is B already: the ratio is 0
    assertEquals(5, apply(1, new double[] {5}, new double[] {5}, new double[] {4})[0]);
  }

  @Test
  void nothingTrainedGivesExactlyA() {
    double[] a = {-0.0, 0.1, -7, 3};
    double[] b = {2, 0.1, 5, 3};
    assertArrayEquals(a, apply(1, a, b, b.clone()));
    assertEquals(
        Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(apply(1, a, b, b)[0]));
  }

  @Test
  void agreesWithExactArithmetic() {
    Random random = new Random(SEED);
    int n = 500;
    double[] a = random.doubles(n, -1, 1).toArray();
    double[] b = random.doubles(n, -1, 1).toArray();
    double[] c = random.doubles(n, -1, 1).toArray();
    double alpha = 0.37;
    double[] result = apply(alpha, a, b, c);
    for (int i = 0; i < n; i++) {
      BigDecimal difference = new BigDecimal(b[i]).subtract(new BigDecimal(c[i]));
      BigDecimal distance = new BigDecimal(b[i]).subtract(new BigDecimal(a[i])).abs();
      BigDecimal sign = BigDecimal.valueOf(difference.signum());
      BigDecimal expected =
          new BigDecimal("1.8")
              .multiply(new BigDecimal(alpha))
              .multiply(sign)
              .multiply(distance)
              .divide(distance.add(difference.abs()), MathContext.DECIMAL128)
              .multiply(difference.abs())
              .add(new BigDecimal(a[i]));
      assertEquals(expected.doubleValue(), result[i], 1e-15, "seed " + SEED + ", at " + i);
    }
  }

  @Test
  void onlyTheFirstValuesCountAndOperandsStay() {
    double[] result = {9, 9};
    double[][] operands = {{1, 1}, {3, 3}, {2, 2}};
    method.apply(operands, new double[] {1}, 1, result);
    assertEquals(9, result[1]);
    assertTrue(result[0] != 9);
    assertArrayEquals(new double[][] {{1, 1}, {3, 3}, {2, 2}}, operands);
  }

  @Test
  void alphaIsOneWhenNothingIsSaid() {
    assertEquals(
        BigDecimal.ONE, method.signature().parameters().getFirst().defaultValue().orElseThrow());
  }
}
