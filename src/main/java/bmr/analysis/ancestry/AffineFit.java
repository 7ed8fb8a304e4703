package bmr.analysis.ancestry;

import java.util.Arrays;

/**
 * Least squares with weights that sum to 1, over a matrix G of inner products relative to any
 * origin. With c = e_t − w the squared residual is cᵀGc: the coefficients of c sum to 0, so that
 * the origin drops out. The unknowns are the differences z_j = e_j − e_p to a pivot p; their normal
 * equations ZᵀGZ y = ZᵀGc are scaled to a unit diagonal and solved by Cholesky factors.
 */
final class AffineFit {
  /** Of the scaled diagonal: directions that the products do not tell apart keep the prior. */
  private static final double RIDGE = 1e-11;

  private AffineFit() {}

  /**
   * The weights.
   *
   * @param target index of the model to explain
   * @param chosen indices with a weight; at least one
   * @param prior weights that sum to 1 on the chosen; the solution next to them is taken
   * @return weights of all sources, 0 where not chosen
   */
  static double[] solve(double[][] g, int target, int[] chosen, double[] prior) {
    double[] weights = prior.clone();
    int size = chosen.length - 1;
    if (size == 0) {
      Arrays.fill(weights, 0);
      weights[chosen[0]] = 1;
      return weights;
    }
    int pivot = chosen[0];
    var matrix = new double[size][size];
    var scale = new double[size];
    for (int i = 0; i < size; i++) {
      int a = chosen[i + 1];
      for (int j = 0; j <= i; j++) {
        int b = chosen[j + 1];
        matrix[i][j] = g[a][b] - g[a][pivot] - g[pivot][b] + g[pivot][pivot];
      }
      scale[i] = matrix[i][i] > 0 ? 1 / Math.sqrt(matrix[i][i]) : 0;
    }
    var factor = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        factor[i][j] = i == j ? 1 + RIDGE : matrix[i][j] * scale[i] * scale[j];
      }
    }
    if (!factored(factor)) {
      return weights;
    }
    // the second and third pass take off what the ridge has added
    for (int pass = 0; pass < 3; pass++) {
      double[] step = gradient(g, target, chosen, weights);
      for (int i = 0; i < size; i++) {
        step[i] *= scale[i];
      }
      substitute(factor, step);
      for (int i = 0; i < size; i++) {
        double change = step[i] * scale[i];
        weights[chosen[i + 1]] += change;
        weights[pivot] -= change;
      }
    }
    return weights;
  }

  /** ZᵀG(e_t − w). */
  private static double[] gradient(double[][] g, int target, int[] chosen, double[] weights) {
    var all = new double[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      double[] row = g[chosen[i]];
      double sum = row[target];
      for (int j : chosen) {
        sum = Math.fma(-weights[j], row[j], sum);
      }
      all[i] = sum;
    }
    var gradient = new double[chosen.length - 1];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = all[i + 1] - all[0];
    }
    return gradient;
  }

  /** Cholesky in place, in the lower triangle. */
  private static boolean factored(double[][] a) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum = Math.fma(-a[i][k], a[j][k], sum);
        }
        if (i != j) {
          a[i][j] = sum / a[j][j];
        } else if (sum > 0) {
          a[i][i] = Math.sqrt(Math.max(sum, RIDGE / 10));
        } else {
          a[i][i] = Math.sqrt(RIDGE);
        }
        if (!Double.isFinite(a[i][j])) {
          return false;
        }
      }
    }
    return true;
  }

  private static void substitute(double[][] factor, double[] x) {
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < i; k++) {
        x[i] = Math.fma(-factor[i][k], x[k], x[i]);
      }
      x[i] /= factor[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.length; k++) {
        x[i] = Math.fma(-factor[k][i], x[k], x[i]);
      }
      x[i] /= factor[i][i];
    }
  }

  /** The same with no weight below 0, by leaving out the most negative until none is. */
  static double[] solveNonNegative(double[][] g, int target, int[] chosen, double[] prior) {
    int[] kept = chosen;
    double[] weights = solve(g, target, kept, prior);
    while (kept.length > 1) {
      int worst = kept[0];
      for (int i : kept) {
        worst = weights[i] < weights[worst] ? i : worst;
      }
      if (weights[worst] >= 0) {
        break;
      }
      int removed = worst;
      kept = Arrays.stream(kept).filter(i -> i != removed).toArray();
      var start = new double[prior.length];
      start[kept[0]] = 1;
      weights = solve(g, target, kept, start);
    }
    return weights;
  }

  /** aᵀGb. */
  static double form(double[][] g, double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      if (a[i] == 0) {
        continue;
      }
      double row = 0;
      for (int j = 0; j < b.length; j++) {
        if (b[j] != 0) {
          row = Math.fma(g[i][j], b[j], row);
        }
      }
      sum = Math.fma(a[i], row, sum);
    }
    return sum;
  }

  /** ‖x_t − Σ w_i x_i‖². */
  static double residual(double[][] g, int target, double[] weights) {
    double[] c = difference(target, weights);
    return Math.max(0, form(g, c, c));
  }

  /** e_t − w. */
  static double[] difference(int target, double[] weights) {
    var c = new double[weights.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = -weights[i];
    }
    c[target] += 1;
    return c;
  }

  /** ‖x_i − x_j‖². */
  static double distance(double[][] g, int i, int j) {
    return Math.max(0, g[i][i] - 2 * g[i][j] + g[j][j]);
  }
}
