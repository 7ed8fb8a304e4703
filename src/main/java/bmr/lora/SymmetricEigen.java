package bmr.lora;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix
 * Computations, 8.5).
 */
final class SymmetricEigen {
  private static final int MOST_SWEEPS = 40;

  private SymmetricEigen() {}

  /**
   * The eigenvectors as columns, those of the largest values first.
   *
   * @param matrix row by row; left as it is
   */
  static double[] vectors(double[] matrix, int size) {
    return sorted(matrix.clone(), size);
  }

  private static double[] sorted(double[] a, int n) {
    double[] v = new double[n * n];
    for (int i = 0; i < n; i++) {
      v[i * n + i] = 1;
    }
    double whole = 0;
    for (double value : a) {
      whole += value * value;
    }
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      double outside = 0;
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          outside += a[p * n + q] * a[p * n + q];
        }
      }
      if (outside <= 1e-28 * whole) {
        break;
      }
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, v, n, p, q);
        }
      }
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -a[i * n + i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sorted = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sorted[i * n + j] = v[i * n + order[j]];
      }
    }
    return sorted;
  }

  private static void rotate(double[] a, double[] v, int n, int p, int q) {
    double apq = a[p * n + q];
    if (apq == 0) {
      return;
    }
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    for (int k = 0; k < n; k++) {
      double akp = a[k * n + p];
      double akq = a[k * n + q];
      a[k * n + p] = c * akp - s * akq;
      a[k * n + q] = s * akp + c * akq;
    }
    for (int k = 0; k < n; k++) {
      double apk = a[p * n + k];
      double aqk = a[q * n + k];
      a[p * n + k] = c * apk - s * aqk;
      a[q * n + k] = s * apk + c * aqk;
    }
    for (int k = 0; k < n; k++) {
      double vkp = v[k * n + p];
      double vkq = v[k * n + q];
      v[k * n + p] = c * vkp - s * vkq;
      v[k * n + q] = s * vkp + c * vkq;
    }
  }
}
