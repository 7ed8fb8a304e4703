package bmr.analysis.ancestry;

import bmr.model.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Tensors with their sums per block, and the questions that stepwise selection asks. Weights are
 * free in every block, so that a merge by blocks looks no worse than a plain one.
 */
final class Search {
  private static final double HALF = 0.25;

  private final List<Unit> units;
  private final int[] blockOf;
  private final List<Block> blocks;
  private final double[][][] sums;
  private final long[] elements;
  private final boolean nonNegative;
  private final int target;

  Search(List<Unit> units, boolean nonNegative) {
    this.units = List.copyOf(units);
    this.nonNegative = nonNegative;
    this.target = units.getFirst().target();
    var order = new TreeMap<Block, Integer>();
    units.forEach(unit -> order.put(unit.block(), 0));
    this.blocks = List.copyOf(order.keySet());
    this.blockOf = units.stream().mapToInt(unit -> blocks.indexOf(unit.block())).toArray();
    this.sums = new double[blocks.size()][target + 1][target + 1];
    this.elements = new long[blocks.size()];
    for (int u = 0; u < blockOf.length; u++) {
      add(units.get(u).products(), sums[blockOf[u]]);
      elements[blockOf[u]] += units.get(u).elements();
    }
  }

  static void add(double[][] from, double[][] to) {
    for (int i = 0; i < to.length; i++) {
      for (int j = 0; j < to.length; j++) {
        to[i][j] += from[i][j];
      }
    }
  }

  List<Block> blocks() {
    return blocks;
  }

  List<Unit> units() {
    return units;
  }

  int blockOf(int unit) {
    return blockOf[unit];
  }

  double[][] sum(int block) {
    return sums[block];
  }

  long elements(int block) {
    return elements[block];
  }

  int target() {
    return target;
  }

  double[] fit(double[][] g, int[] chosen, double[] prior) {
    return nonNegative
        ? AffineFit.solveNonNegative(g, target, chosen, prior)
        : AffineFit.solve(g, target, chosen, prior);
  }

  static double[] even(int[] chosen, int size) {
    var prior = new double[size];
    for (int i : chosen) {
      prior[i] = 1.0 / chosen.length;
    }
    return prior;
  }

  /** Weights over all blocks together. */
  double[] whole(int[] chosen) {
    var all = new double[target + 1][target + 1];
    for (double[][] sum : sums) {
      add(sum, all);
    }
    return fit(all, chosen, even(chosen, target + 1));
  }

  /** Weights for each block. */
  double[][] perBlock(int[] chosen) {
    double[] whole = whole(chosen);
    return Arrays.stream(sums).map(sum -> fit(sum, chosen, whole)).toArray(double[][]::new);
  }

  /**
   * Tensors scaled to equal variance of what the chosen leave over. A tensor in which nothing is
   * left counts no more than ten times the usual one.
   */
  Search whitened(int[] chosen) {
    double[][] weights = perBlock(chosen);
    double[] variances = new double[blockOf.length];
    for (int u = 0; u < variances.length; u++) {
      Unit unit = units.get(u);
      double rest = AffineFit.residual(unit.products(), target, weights[blockOf[u]]);
      double exact = unit.square() * 0x1p-50;
      variances[u] = Math.max(rest, exact) / unit.elements();
    }
    double[] sorted = variances.clone();
    Arrays.sort(sorted);
    double least = Math.max(sorted[sorted.length / 2] * 0.1, Double.MIN_NORMAL);
    var scaled = new ArrayList<Unit>();
    for (int u = 0; u < variances.length; u++) {
      scaled.add(units.get(u).scaled(1 / Math.max(variances[u], least)));
    }
    return new Search(scaled, nonNegative);
  }

  /**
   * What speaks for each of some candidates beside others.
   *
   * @param chosen the others
   * @param candidates none of the others
   */
  Evidence[] evidence(int[] chosen, int[] candidates, int tested) {
    double[][] weights = perBlock(chosen);
    double rest = 0;
    double[] restOf = new double[sums.length];
    for (int b = 0; b < sums.length; b++) {
      restOf[b] = AffineFit.residual(sums[b], target, weights[b]);
      rest += restOf[b];
    }
    double[][] pulls = new double[blockOf.length][];
    for (int u = 0; u < pulls.length; u++) {
      pulls[u] = pull(units.get(u).products(), weights[blockOf[u]], chosen);
    }
    var evidence = new Evidence[candidates.length];
    for (int i = 0; i < candidates.length; i++) {
      evidence[i] = evidence(chosen, candidates[i], pulls, restOf, rest, tested);
    }
    return evidence;
  }

  /** G(e_t − w), all rows. */
  private double[] pull(double[][] g, double[] weights, int[] chosen) {
    var pull = new double[target + 1];
    for (int i = 0; i <= target; i++) {
      double sum = g[i][target];
      for (int j : chosen) {
        sum = Math.fma(-weights[j], g[i][j], sum);
      }
      pull[i] = sum;
    }
    return pull;
  }

  private Evidence evidence(
      int[] chosen, int candidate, double[][] pulls, double[] restOf, double rest, int tested) {
    double[] score = new double[sums.length];
    double[] norm = new double[sums.length];
    double[][] directions = new double[sums.length][];
    for (int b = 0; b < sums.length; b++) {
      double[] like = AffineFit.solve(sums[b], candidate, chosen, even(chosen, target + 1));
      directions[b] = AffineFit.difference(candidate, like);
      double own = AffineFit.form(sums[b], directions[b], directions[b]);
      double far = AffineFit.distance(sums[b], candidate, chosen[0]);
      norm[b] = own > 1e-9 * far ? own : 0;
    }
    double total = 0;
    double[] scores = new double[pulls.length];
    for (int u = 0; u < pulls.length; u++) {
      int b = blockOf[u];
      if (norm[b] == 0) {
        continue;
      }
      double s = directions[b][candidate] * pulls[u][candidate];
      for (int j : chosen) {
        s = Math.fma(directions[b][j], pulls[u][j], s);
      }
      score[b] += s;
      total += s;
      scores[u] = s;
    }
    double gain = 0;
    double norms = 0;
    double count = 0;
    double best = 0;
    double chance = 2 * Math.log(2.0 * tested * sums.length / Evidence.RISK);
    boolean certain = false;
    for (int b = 0; b < sums.length; b++) {
      count += elements[b];
      if (norm[b] == 0) {
        continue;
      }
      norms += norm[b];
      boolean allowed = !nonNegative || score[b] > 0;
      double drop = allowed ? Math.min(score[b] * score[b] / norm[b], restOf[b]) : 0;
      gain += drop;
      double part = restOf[b] > 0 ? drop / restOf[b] : 0;
      if (part >= Math.max(HALF, 7 * chance / elements[b])) {
        certain = true;
        best = Math.max(best, part);
      }
    }
    if (norms == 0 || rest == 0) {
      return new Evidence(0, 0, 0, false);
    }
    double consistency =
        Math.max(consistency(scores, Double.MAX_VALUE), consistency(scores, usual(scores)));
    double part = gain / rest;
    certain |= part >= Math.max(HALF, 7 * chance / count);
    certain |= consistency >= 2 * Math.log(2.0 * 2 * tested / Evidence.RISK);
    double share = Math.max(Math.abs(total) / norms, Math.sqrt(gain / norms));
    double cosine = Math.sqrt(Math.max(part, best));
    return new Evidence(consistency, Math.min(1, cosine), share, certain);
  }

  /** t² of scores that count no more than a limit. */
  private double consistency(double[] scores, double limit) {
    double sum = 0;
    double squares = 0;
    for (double score : scores) {
      double s = Math.clamp(score, -limit, limit);
      sum += s;
      squares += s * s;
    }
    return squares > 0 && (!nonNegative || sum > 0) ? sum * sum / squares : 0;
  }

  /** The median of the sizes of scores. */
  private static double usual(double[] scores) {
    double[] sizes = Arrays.stream(scores).map(Math::abs).filter(size -> size > 0).toArray();
    Arrays.sort(sizes);
    return sizes.length == 0 ? 0 : sizes[sizes.length / 2];
  }

  /** What speaks for one of the chosen beside the rest of them. */
  Evidence within(int[] chosen, int member, int tested) {
    int[] others = IntStream.of(chosen).filter(i -> i != member).toArray();
    return evidence(others, new int[] {member}, tested)[0];
  }
}
