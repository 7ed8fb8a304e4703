package bmr.analysis;

import bmr.analysis.SquaredDistance.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The directions in which a squared distance does not change, from its Gauss-Newton matrix scaled
 * to ones on the diagonal, so that units do not matter.
 */
final class Undetermined {
  /** Below this an eigenvalue of the scaled matrix is what rounding left of zero. */
  private static final double NULL = 1e-11;

  /** Below this a coefficient is what rounding left of zero. */
  private static final double NO_PART = 1e-3;

  private final int size;
  private final double[] scale;
  private final SymmetricMatrix.Eigen eigen;

  Undetermined(Value value) {
    double[][] curvature = value.curvature();
    size = curvature.length;
    scale = new double[size];
    for (int u = 0; u < size; u++) {
      scale[u] = Math.sqrt(curvature[u][u]);
    }
    var scaled = new double[size][size];
    for (int u = 0; u < size; u++) {
      for (int v = 0; v < size; v++) {
        double both = scale[u] * scale[v];
        scaled[u][v] = both == 0 ? 0 : curvature[u][v] / both;
      }
    }
    eigen = SymmetricMatrix.eigen(scaled);
  }

  /**
   * How far an unknown may move, the others following: from Δ(d²/2) = Δw² / (2·(H⁻¹)ᵢᵢ), where H is
   * the Gauss-Newton matrix of d²/2; infinite where nothing holds it.
   *
   * @param room Δ(d²/2)
   */
  double play(int unknown, double room) {
    double inverse = 0;
    for (int k = 0; k < size; k++) {
      double part = eigen.vectors()[unknown][k] * eigen.vectors()[unknown][k];
      if (eigen.values()[k] < NULL) {
        inverse += part > 1e-6 ? Double.POSITIVE_INFINITY : 0;
      } else {
        inverse += part / eigen.values()[k];
      }
    }
    return scale[unknown] == 0
        ? Double.POSITIVE_INFINITY
        : Math.sqrt(2 * room * inverse) / scale[unknown];
  }

  /**
   * Independent directions without effect, with as few unknowns in each as elimination gives: a
   * coefficient for each unknown, the largest 1, exactly 0 for those that have no part.
   */
  List<double[]> directions() {
    var rows = new ArrayList<double[]>();
    for (int k = 0; k < size; k++) {
      if (eigen.values()[k] < NULL) {
        var row = new double[size];
        for (int u = 0; u < size; u++) {
          row[u] = eigen.vectors()[u][k];
        }
        rows.add(row);
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      eliminate(rows, r);
    }
    for (double[] row : rows) {
      double sign = 0;
      double largest = 0;
      for (int u = 0; u < size; u++) {
        row[u] = Math.abs(row[u]) < NO_PART ? 0 : row[u] / (scale[u] == 0 ? 1 : scale[u]);
        sign = sign == 0 ? Math.signum(row[u]) : sign;
        largest = Math.max(largest, Math.abs(row[u]));
      }
      for (int u = 0; u < size; u++) {
        row[u] = row[u] == 0 ? 0 : sign * row[u] / largest;
      }
    }
    return rows;
  }

  /** Takes the largest unknown of a row out of all the others. */
  private static void eliminate(List<double[]> rows, int r) {
    double[] row = rows.get(r);
    int pivot = 0;
    for (int u = 0; u < row.length; u++) {
      pivot = Math.abs(row[u]) > Math.abs(row[pivot]) ? u : pivot;
    }
    double divisor = row[pivot];
    for (int u = 0; u < row.length; u++) {
      row[u] /= divisor;
    }
    for (int other = 0; other < rows.size(); other++) {
      double factor = rows.get(other)[pivot];
      for (int u = 0; u < row.length && other != r; u++) {
        rows.get(other)[u] -= factor * row[u];
      }
    }
  }
}
