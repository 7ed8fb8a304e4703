package bmr.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Against matrices whose singular values are known, because they were made of them. */
class TruncatedSvdTest {
  private static final int ROWS = 150;
  private static final int COLUMNS = 110;
  private static final int RANK = 16;

  /** A matrix with given singular values, and orthonormal vectors from random reflections. */
  private static float[] matrix(int rows, int columns, IntToDoubleFunction value, long seed) {
    Random random = new Random(seed);
    double[] matrix = new double[rows * columns];
    for (int i = 0; i < Math.min(rows, columns); i++) {
      matrix[i * columns + i] = value.applyAsDouble(i);
    }
    for (int times = 0; times < 6; times++) {
      reflect(matrix, rows, columns, random);
    }
    float[] narrow = new float[matrix.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) matrix[i];
    }
    return narrow;
  }

  /** One Householder reflection from the left and one from the right. */
  private static void reflect(double[] a, int rows, int columns, Random random) {
    double[] left = unit(rows, random);
    double[] right = unit(columns, random);
    for (int j = 0; j < columns; j++) {
      double share = 0;
      for (int i = 0; i < rows; i++) {
        share += left[i] * a[i * columns + j];
      }
      for (int i = 0; i < rows; i++) {
        a[i * columns + j] -= 2 * share * left[i];
      }
    }
    for (int i = 0; i < rows; i++) {
      double share = 0;
      for (int j = 0; j < columns; j++) {
        share += right[j] * a[i * columns + j];
      }
      for (int j = 0; j < columns; j++) {
        a[i * columns + j] -= 2 * share * right[j];
      }
    }
  }

  private static double[] unit(int length, Random random) {
    double[] vector = random.doubles(length, -1, 1).toArray();
    double sum = 0;
    for (double value : vector) {
      sum += value * value;
    }
    for (int i = 0; i < length; i++) {
      vector[i] /= Math.sqrt(sum);
    }
    return vector;
  }

  /** The residual with the factors rounded to half precision. */
  private static double residual(float[] a, TruncatedSvd svd) {
    int columns = svd.down().columns();
    int rank = svd.down().rows();
    double sum = 0;
    for (int i = 0; i < svd.up().rows(); i++) {
      for (int j = 0; j < columns; j++) {
        double value = 0;
        for (int r = 0; r < rank; r++) {
          value +=
              half(svd.up().values()[i * rank + r]) * half(svd.down().values()[r * columns + j]);
        }
        sum += Math.pow(a[i * columns + j] - value, 2);
      }
    }
    return Math.sqrt(sum);
  }

  private static double half(double value) {
    return Float.float16ToFloat(Float.floatToFloat16((float) value));
  }

  private static void check(int rows, int columns, int rank, IntToDoubleFunction value) {
    float[] a = matrix(rows, columns, value, 5);
    double best = 0;
    double all = 0;
    for (int i = 0; i < Math.min(rows, columns); i++) {
      double square = Math.pow(value.applyAsDouble(i), 2);
      all += square;
      best += i < rank ? 0 : square;
    }
    double residual = residual(a, TruncatedSvd.of(a, rows, columns, rank));
    double bound = 1.01 * Math.sqrt(best) + 1e-3 * Math.sqrt(all);
    assertTrue(residual <= bound, residual + " > " + bound);
  }

  @Test
  void slowAndFastDecay() {
    check(ROWS, COLUMNS, RANK, i -> 1 / Math.sqrt(i + 1.0));
    check(COLUMNS, ROWS, RANK, i -> 1 / (i + 1.0));
    check(ROWS, COLUMNS, RANK, i -> Math.pow(0.5, i));
    check(ROWS, COLUMNS, RANK, i -> 1);
  }

  @Test
  void lowAndFullRank() {
    check(ROWS, COLUMNS, RANK, i -> i < 3 ? 1 : 0);
    check(12, 9, 64, i -> 1 / (i + 1.0));
    check(ROWS, COLUMNS, RANK, i -> 0);
  }

  @Test
  void theSameMatrixGivesTheSameFactors() {
    float[] a = matrix(ROWS, COLUMNS, i -> 1 / (i + 1.0), 9);
    TruncatedSvd first = TruncatedSvd.of(a, ROWS, COLUMNS, RANK);
    TruncatedSvd second = TruncatedSvd.of(a, ROWS, COLUMNS, RANK);
    assertArrayEquals(first.up().values(), second.up().values());
    assertArrayEquals(first.down().values(), second.down().values());
  }
}
