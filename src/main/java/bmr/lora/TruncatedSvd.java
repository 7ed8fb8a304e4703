package bmr.lora;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The best product of two thin matrices for a matrix, up to a small tolerance: {@code up · down}
 * with [rows, rank] and [rank, columns].
 *
 * <p>Randomized subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4) with 16 columns
 * more than wanted, until a step wins less than a thousandth of what is left; the small problem at
 * the end is solved by Jacobi rotations. Sums are in double precision. A fixed seed and a fixed
 * order of additions: the same matrix gives the same factors.
 *
 * @param up singular vectors times the roots of their values
 * @param down the same of the other side, so that both factors have numbers of one size
 */
record TruncatedSvd(Matrix up, Matrix down) {
  private static final int MORE = 16;
  private static final int FEWEST_STEPS = 3;
  private static final int MOST_STEPS = 24;
  private static final double GAIN = 1e-3;

  /**
   * Decomposes a matrix.
   *
   * @param values row by row
   * @param rank at least 1; a larger one than the matrix has is cut
   */
  static TruncatedSvd of(float[] values, int rows, int columns, int rank) {
    int kept = Math.min(rank, Math.min(rows, columns));
    int width = Math.min(kept + MORE, Math.min(rows, columns));
    double total = 0;
    for (float value : values) {
      total += (double) value * value;
    }
    SplittableRandom random = new SplittableRandom(1);
    double[] basis = random.doubles((long) columns * width, -1, 1).toArray();
    double[] range = new double[rows * width];
    double captured = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      times(values, rows, columns, basis, width, range);
      orthonormalize(range, rows, width);
      timesTransposed(values, rows, columns, range, width, basis);
      double now = 0;
      for (double value : basis) {
        now += value * value;
      }
      boolean settled = now - captured <= GAIN * Math.max(0, total - now);
      captured = now;
      if (step >= FEWEST_STEPS && settled || step == MOST_STEPS - 1) {
        break;
      }
      orthonormalize(basis, columns, width);
    }
    return finish(range, basis, rows, columns, width, kept);
  }

  /** {@code target = A · right}. */
  private static void times(
      float[] a, int rows, int columns, double[] right, int width, double[] target) {
    Arrays.fill(target, 0);
    for (int i = 0; i < rows; i++) {
      int to = i * width;
      for (int j = 0; j < columns; j++) {
        double factor = a[i * columns + j];
        if (factor != 0) {
          int from = j * width;
          for (int k = 0; k < width; k++) {
            target[to + k] += factor * right[from + k];
          }
        }
      }
    }
  }

  /** {@code target = Aᵀ · left}. */
  private static void timesTransposed(
      float[] a, int rows, int columns, double[] left, int width, double[] target) {
    Arrays.fill(target, 0);
    for (int i = 0; i < rows; i++) {
      int from = i * width;
      for (int j = 0; j < columns; j++) {
        double factor = a[i * columns + j];
        if (factor != 0) {
          int to = j * width;
          for (int k = 0; k < width; k++) {
            target[to + k] += factor * left[from + k];
          }
        }
      }
    }
  }

  /** Gram-Schmidt, each column twice; columns that depend on others become 0. */
  private static void orthonormalize(double[] matrix, int rows, int width) {
    for (int k = 0; k < width; k++) {
      double before = norm(matrix, rows, width, k);
      for (int pass = 0; pass < 2; pass++) {
        for (int other = 0; other < k; other++) {
          double share = 0;
          for (int i = 0; i < rows; i++) {
            share += matrix[i * width + k] * matrix[i * width + other];
          }
          for (int i = 0; i < rows; i++) {
            matrix[i * width + k] -= share * matrix[i * width + other];
          }
        }
      }
      double after = norm(matrix, rows, width, k);
      double scale = after > 1e-12 * before && after > 0 ? 1 / after : 0;
      for (int i = 0; i < rows; i++) {
        matrix[i * width + k] *= scale;
      }
    }
  }

  private static double norm(double[] matrix, int rows, int width, int column) {
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += matrix[i * width + column] * matrix[i * width + column];
    }
    return Math.sqrt(sum);
  }

  /**
   * From A ≈ Q · Bᵀ to the factors.
   *
   * @param range Q, [rows, width], orthonormal columns
   * @param projection B, [columns, width]
   */
  private static TruncatedSvd finish(
      double[] range, double[] projection, int rows, int columns, int width, int kept) {
    double[] gram = new double[width * width];
    for (int j = 0; j < columns; j++) {
      for (int p = 0; p < width; p++) {
        for (int q = 0; q < width; q++) {
          gram[p * width + q] += projection[j * width + p] * projection[j * width + q];
        }
      }
    }
    double[] vectors = SymmetricEigen.vectors(gram, width);
    double[] up = new double[rows * kept];
    double[] down = new double[kept * columns];
    double[] column = new double[columns];
    for (int r = 0; r < kept; r++) {
      Arrays.fill(column, 0);
      double square = 0;
      for (int j = 0; j < columns; j++) {
        for (int p = 0; p < width; p++) {
          column[j] += projection[j * width + p] * vectors[p * width + r];
        }
        square += column[j] * column[j];
      }
      double root = Math.sqrt(Math.sqrt(square));
      for (int j = 0; j < columns; j++) {
        down[r * columns + j] = root == 0 ? 0 : column[j] / root;
      }
      for (int i = 0; i < rows; i++) {
        double sum = 0;
        for (int p = 0; p < width; p++) {
          sum += range[i * width + p] * vectors[p * width + r];
        }
        up[i * kept + r] = sum * root;
      }
    }
    return new TruncatedSvd(new Matrix(rows, kept, up), new Matrix(kept, columns, down));
  }
}
