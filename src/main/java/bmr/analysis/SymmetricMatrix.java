package bmr.analysis;

/** Small symmetric matrices: positive definite systems, and eigenvectors. */
final class SymmetricMatrix {
  private static final int SWEEPS = 60;

  private SymmetricMatrix() {}

  /**
   * Solves a system by Cholesky's decomposition with unit diagonal scaling; a pivot that rounding
   * has eaten leaves its unknown at 0.
   *
   * @param matrix n×n, positive semi-definite
   */
  static double[] solve(double[][] matrix, double[] right) {
    int size = right.length;
    var scale = new double[size];
    for (int i = 0; i < size; i++) {
      scale[i] = matrix[i][i] > 0 ? 1 / Math.sqrt(matrix[i][i]) : 0;
    }
    var factor = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j] * scale[i] * scale[j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i][k] * factor[j][k];
        }
        if (i == j) {
          factor[i][i] = sum > 1e-15 ? Math.sqrt(sum) : 0;
        } else {
          factor[i][j] = factor[j][j] == 0 ? 0 : sum / factor[j][j];
        }
      }
    }
    var solution = new double[size];
    for (int i = 0; i < size; i++) {
      double sum = right[i] * scale[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i][k] * solution[k];
      }
      solution[i] = factor[i][i] == 0 ? 0 : sum / factor[i][i];
    }
    for (int i = size - 1; i >= 0; i--) {
      double sum = solution[i];
      for (int k = i + 1; k < size; k++) {
        sum -= factor[k][i] * solution[k];
      }
      solution[i] = factor[i][i] == 0 ? 0 : sum / factor[i][i];
    }
    for (int i = 0; i < size; i++) {
      solution[i] *= scale[i];
    }
    return solution;
  }

  /**
   * Eigenvalues and eigenvectors, by Jacobi's rotations.
   *
   * @param values unordered
   * @param vectors the i-th column belongs to the i-th value
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Eigen(double[] values, double[][] vectors) {}

  static Eigen eigen(double[][] symmetric) {
    int size = symmetric.length;
    var matrix = new double[size][];
    var vectors = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i] = symmetric[i].clone();
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean rotated = false;
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotated |= rotate(matrix, vectors, p, q);
        }
      }
      if (!rotated) {
        break;
      }
    }
    var values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = matrix[i][i];
    }
    return new Eigen(values, vectors);
  }

  private static boolean rotate(double[][] matrix, double[][] vectors, int p, int q) {
    if (Math.abs(matrix[p][q])
        <= 1e-18 * Math.sqrt(Math.abs(matrix[p][p] * matrix[q][q])) + Double.MIN_NORMAL) {
      return false;
    }
    double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
    double tangent = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
    double cosine = 1 / Math.hypot(tangent, 1);
    double sine = tangent * cosine;
    for (double[] row : matrix) {
      turn(row, p, q, cosine, sine);
    }
    for (int k = 0; k < matrix.length; k++) {
      double left = matrix[p][k];
      double right = matrix[q][k];
      matrix[p][k] = cosine * left - sine * right;
      matrix[q][k] = sine * left + cosine * right;
    }
    for (double[] row : vectors) {
      turn(row, p, q, cosine, sine);
    }
    return true;
  }

  private static void turn(double[] row, int p, int q, double cosine, double sine) {
    double left = row[p];
    double right = row[q];
    row[p] = cosine * left - sine * right;
    row[q] = sine * left + cosine * right;
  }
}
