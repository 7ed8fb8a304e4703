package bmr.analysis;

import bmr.analysis.SquaredDistance.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Levenberg-Marquardt within bounds: unknowns at a bound that the gradient pushes outwards stay
 * there, the others take a damped Gauss-Newton step, which is cut at the bounds. Where the problem
 * is linear and no bound is met, the first step is the closed form. Begins at the start and at a
 * few seeded places; never ends worse than the start.
 */
final class BoundedLeastSquares {
  private static final int MOST_STEPS = 200;
  private static final int OTHER_STARTS = 4;
  private static final double SMALLEST_DAMPING = 1e-13;
  private static final double LARGEST_DAMPING = 1e8;

  private final Function<double[], Value> function;
  private final double[] low;
  private final double[] high;
  private int evaluations;

  /**
   * Where it ended.
   *
   * @param evaluations of the function, from all starts together
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Solution(double[] point, Value value, int evaluations) {}

  /**
   * A problem.
   *
   * @param low may be -∞; where it equals {@code high} the unknown is fixed
   */
  BoundedLeastSquares(Function<double[], Value> function, double[] low, double[] high) {
    this.function = function;
    this.low = low.clone();
    this.high = high.clone();
  }

  /** The best that is found from a start and from seeded places near it and between the bounds. */
  Solution solve(double[] start) {
    evaluations = 0;
    Solution best = descend(start);
    var random = new Random(42);
    for (int i = 0; i < OTHER_STARTS; i++) {
      var other = new double[start.length];
      for (int u = 0; u < other.length; u++) {
        double from = Double.isInfinite(low[u]) ? Math.min(start[u], 0) - 0.2 : low[u];
        double to = Double.isInfinite(high[u]) ? Math.max(start[u], 1) : high[u];
        other[u] = from + (to - from) * random.nextDouble();
      }
      Solution found = descend(other);
      // a start elsewhere must be better by more than rounding to be worth the surprise
      if (found.value().square() < best.value().square() * (1 - 1e-6) - 1e-18) {
        best = found;
      }
    }
    return new Solution(best.point(), best.value(), evaluations);
  }

  /** The nearest minimum from a start alone. */
  Solution descend(double[] start) {
    double[] point = start.clone();
    for (int u = 0; u < point.length; u++) {
      point[u] = Math.clamp(point[u], low[u], high[u]);
    }
    Value value = evaluate(point);
    double damping = SMALLEST_DAMPING;
    for (int step = 0; step < MOST_STEPS && damping <= LARGEST_DAMPING; step++) {
      List<Integer> free = free(point, value);
      if (free.isEmpty()) {
        break;
      }
      double[] move = step(value, free, damping);
      var next = point.clone();
      double moved = 0;
      for (int i = 0; i < move.length; i++) {
        int u = free.get(i);
        next[u] = Math.clamp(point[u] + move[i], low[u], high[u]);
        moved = Math.max(moved, Math.abs(next[u] - point[u]));
      }
      if (!Double.isFinite(moved)) {
        damping *= 100;
        continue;
      }
      Value there = evaluate(next);
      if (there.square() < value.square()) {
        point = next;
        value = there;
        damping = Math.max(SMALLEST_DAMPING, damping / 30);
      } else {
        damping *= 10;
      }
      if (moved < 1e-13) {
        break;
      }
    }
    return new Solution(point, value, evaluations);
  }

  private Value evaluate(double[] point) {
    evaluations++;
    return function.apply(point);
  }

  private List<Integer> free(double[] point, Value value) {
    var free = new ArrayList<Integer>();
    for (int u = 0; u < point.length; u++) {
      boolean held =
          point[u] <= low[u] && value.gradient()[u] >= 0
              || point[u] >= high[u] && value.gradient()[u] <= 0;
      if (low[u] < high[u] && !held) {
        free.add(u);
      }
    }
    return free;
  }

  /** Solves (H + damping·diag H) step = −gradient on the free unknowns. */
  private static double[] step(Value value, List<Integer> free, double damping) {
    int size = free.size();
    var matrix = new double[size][size];
    var right = new double[size];
    for (int i = 0; i < size; i++) {
      int u = free.get(i);
      right[i] = -value.gradient()[u];
      for (int j = 0; j < size; j++) {
        matrix[i][j] = value.curvature()[u][free.get(j)];
      }
      matrix[i][i] += damping * matrix[i][i] + Double.MIN_NORMAL;
    }
    return SymmetricMatrix.solve(matrix, right);
  }
}
