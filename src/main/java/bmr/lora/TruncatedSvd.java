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

  /** Columns at a time, so that their part of the thin matrix stays in the processor's cache. */
  private static final int TILE = 128;

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
    for (int start = 0; start < columns; start += TILE) {
      int end = Math.min(columns, start + TILE);
      for (int i = 0; i < rows; i++) {
        int row = i * columns;
        int j = start;
        for (; j + 4 <= end; j += 4) {
          addFour(a, row + j, 1, right, j * width, width, target, i * width);
        }
        for (; j < end; j++) {
          add(a[row + j], right, j * width, width, target, i * width);
        }
      }
    }
  }

  /** {@code target = Aᵀ · left}. */
  private static void timesTransposed(
      float[] a, int rows, int columns, double[] left, int width, double[] target) {
    Arrays.fill(target, 0);
    for (int start = 0; start < columns; start += TILE) {
      int end = Math.min(columns, start + TILE);
      int i = 0;
      for (; i + 4 <= rows; i += 4) {
        for (int j = start; j < end; j++) {
          addFour(a, i * columns + j, columns, left, i * width, width, target, j * width);
        }
      }
      for (; i < rows; i++) {
        for (int j = start; j < end; j++) {
          add(a[i * columns + j], left, i * width, width, target, j * width);
        }
      }
    }
  }

  /** Adds four rows of {@code from}, that lie together, each with a factor of its own. */
  private static void addFour(
      float[] factors,
      int first,
      int step,
      double[] from,
      int at,
      int width,
      double[] to,
      int out) {
    double f0 = factors[first];
    double f1 = factors[first + step];
    double f2 = factors[first + 2 * step];
    double f3 = factors[first + 3 * step];
    int second = at + width;
    int third = second + width;
    int fourth = third + width;
    for (int k = 0; k < width; k++) {
      to[out + k] +=
          f0 * from[at + k] + f1 * from[second + k] + f2 * from[third + k] + f3 * from[fourth + k];
    }
  }

  private static void add(double factor, double[] from, int at, int width, double[] to, int out) {
    for (int k = 0; k < width; k++) {
      to[out + k] += factor * from[at + k];
    }
  }

  /** Gram-Schmidt, each column twice; columns that depend on others become 0. */
  private static void orthonormalize(double[] matrix, int rows, int width) {
    // the columns one after the other, so that sums run over neighbours
    double[] columns = new Matrix(rows, width, matrix).transposed().values();
    for (int k = 0; k < width; k++) {
      int own = k * rows;
      double before = Math.sqrt(dot(columns, own, own, rows));
      for (int pass = 0; pass < 2; pass++) {
        for (int other = 0; other < k; other++) {
          double share = dot(columns, own, other * rows, rows);
          for (int i = 0; i < rows; i++) {
            columns[own + i] -= share * columns[other * rows + i];
          }
        }
      }
      double after = Math.sqrt(dot(columns, own, own, rows));
      double scale = after > 1e-12 * before && after > 0 ? 1 / after : 0;
      for (int i = 0; i < rows; i++) {
        columns[own + i] *= scale;
      }
    }
    double[] turned = new Matrix(width, rows, columns).transposed().values();
    System.arraycopy(turned, 0, matrix, 0, turned.length);
  }

  /** In four sums, which a processor adds up at the same time. */
  private static double dot(double[] values, int left, int right, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      s0 += values[left + i] * values[right + i];
      s1 += values[left + i + 1] * values[right + i + 1];
      s2 += values[left + i + 2] * values[right + i + 2];
      s3 += values[left + i + 3] * values[right + i + 3];
    }
    for (; i < count; i++) {
      s0 += values[left + i] * values[right + i];
    }
    return (s0 + s1) + (s2 + s3);
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
