package bmr.analysis;

import bmr.graph.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The squared distance of a recipe from its target as a function of the recipe's unknowns: over
 * groups of tensors with equal formulas, Σ rᵀ G r / Σ sᵀ G s, where r are the coefficients of
 * recipe − target, s those of target − base (or of the target), and G the group's inner products.
 * Exact derivatives, and the Gauss-Newton matrix, come from the coefficients' gradients.
 */
final class SquaredDistance {
  /**
   * Tensors with the same formulas.
   *
   * @param tensorClass of the recipe
   * @param target a coefficient for each source of the table
   * @param scale what the distance is relative to: target − base, or the target
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Group(int tensorClass, double[] target, double[] scale, Gram gram) {}

  /**
   * The function at a point.
   *
   * @param square of the distance
   * @param gradient of half the square
   * @param curvature the Gauss-Newton matrix of half the square
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Value(double square, double[] gradient, double[][] curvature) {
    double distance() {
      return Math.sqrt(square);
    }
  }

  private final List<Group> groups;
  private final List<double[][]> matrices = new ArrayList<>();
  private final int unknowns;
  private final int[] columns;
  private final BiFunction<Integer, double[], Map<Integer, Gradient>> coefficients;
  private final double scale;

  /**
   * The function of some groups.
   *
   * @param columns the table's source for each source of the recipe, or -1
   * @param coefficients of a class at a point, by source of the recipe
   */
  SquaredDistance(
      List<Group> groups,
      int unknowns,
      int[] columns,
      BiFunction<Integer, double[], Map<Integer, Gradient>> coefficients) {
    this.groups = List.copyOf(groups);
    this.unknowns = unknowns;
    this.columns = columns.clone();
    this.coefficients = coefficients;
    double sum = 0;
    for (Group group : groups) {
      double[][] matrix = matrix(group.gram());
      matrices.add(matrix);
      double[] vector = extended(group.scale());
      sum += dot(vector, times(matrix, vector));
    }
    this.scale = sum;
  }

  /** The squared length that distances are relative to; 0 where target and base are the same. */
  double scale() {
    return scale;
  }

  Value at(double[] point) {
    double square = 0;
    var gradient = new double[unknowns];
    var curvature = new double[unknowns][unknowns];
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      double[][] matrix = matrices.get(g);
      double[] residual = group.target().clone();
      for (int i = 0; i < residual.length; i++) {
        residual[i] = -residual[i];
      }
      var jacobian = new double[unknowns][residual.length];
      coefficients
          .apply(group.tensorClass(), point)
          .forEach((source, coefficient) -> {
            int column = columns[source];
            residual[column] += coefficient.value();
            for (int u = 0; u < unknowns; u++) {
              jacobian[u][column] += coefficient.by(u);
            }
          });
      double[] own = extended(residual);
      double[] weighted = times(matrix, own);
      square += dot(own, weighted);
      for (int u = 0; u < unknowns; u++) {
        double[] row = extended(jacobian[u]);
        gradient[u] += dot(row, weighted);
        double[] product = times(matrix, row);
        for (int v = 0; v <= u; v++) {
          curvature[u][v] += dot(extended(jacobian[v]), product);
        }
      }
    }
    for (int u = 0; u < unknowns; u++) {
      gradient[u] /= scale;
      for (int v = 0; v <= u; v++) {
        curvature[u][v] /= scale;
        curvature[v][u] = curvature[u][v];
      }
    }
    return new Value(Math.max(0, square / scale), gradient, curvature);
  }

  /** The inner products of origin and differences, origin first. */
  private static double[][] matrix(Gram gram) {
    int size = gram.sources() + 1;
    var matrix = new double[size][size];
    matrix[0][0] = gram.originOrigin();
    for (int i = 1; i < size; i++) {
      matrix[0][i] = gram.originDifference(i - 1);
      matrix[i][0] = matrix[0][i];
      for (int j = 1; j < size; j++) {
        matrix[i][j] = gram.difference(i - 1, j - 1);
      }
    }
    return matrix;
  }

  /**
   * Coefficients of models as those of origin and differences. A sum of a few units in the last
   * place is that of a difference: times the origin, it would drown the differences.
   */
  private static double[] extended(double[] coefficients) {
    var extended = new double[coefficients.length + 1];
    double size = 0;
    for (int i = 0; i < coefficients.length; i++) {
      extended[0] += coefficients[i];
      size += Math.abs(coefficients[i]);
      extended[i + 1] = coefficients[i];
    }
    if (Math.abs(extended[0]) < 1e-13 * size) {
      extended[0] = 0;
    }
    return extended;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    var product = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      product[i] = dot(matrix[i], vector);
    }
    return product;
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum = Math.fma(left[i], right[i], sum);
    }
    return sum;
  }
}
