package bmr.analysis.ancestry;

import bmr.model.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weights for blocks, the same where the blocks agree: a block joins the group that fits it best
 * when the Bayesian information criterion prefers one set of weights to two.
 */
final class BlockGroups {
  private final Search search;
  private final int[] chosen;
  private final double spread;

  /**
   * @param search whitened, so that each element's residual has the variance 1 or less
   */
  BlockGroups(Search search, int[] chosen) {
    this.search = search;
    this.chosen = chosen;
    this.spread = spread();
  }

  private static final class Draft {
    final List<Integer> blocks = new ArrayList<>();
    double[][] sum = new double[0][];
    double[] weights = new double[0];
    double rest;
    double elements;
  }

  List<Ancestry.Group> groups() {
    double[] whole = search.whole(chosen);
    var drafts = new ArrayList<Draft>();
    for (int b = 0; b < search.blocks().size(); b++) {
      Draft block = draft(search.sum(b), (double) search.elements(b), whole);
      Draft best = null;
      Draft bestUnion = block;
      double least = Double.POSITIVE_INFINITY;
      for (Draft group : drafts) {
        var sum = Arrays.stream(group.sum).map(double[]::clone).toArray(double[][]::new);
        Search.add(search.sum(b), sum);
        Draft union = draft(sum, group.elements + search.elements(b), whole);
        double loss = union.rest - group.rest - block.rest;
        double variance = variance(group.rest + block.rest, union);
        double limit = (chosen.length - 1) * Math.log(union.elements) * variance;
        if (loss <= limit && loss / variance < least) {
          least = loss / variance;
          best = group;
          bestUnion = union;
        }
      }
      if (best == null) {
        drafts.add(block);
        block.blocks.add(b);
      } else {
        best.sum = bestUnion.sum;
        best.weights = bestUnion.weights;
        best.rest = bestUnion.rest;
        best.elements = bestUnion.elements;
        best.blocks.add(b);
      }
    }
    return drafts.stream().map(this::group).toList();
  }

  private Draft draft(double[][] sum, double elements, double[] prior) {
    var draft = new Draft();
    draft.sum = sum;
    draft.elements = elements;
    draft.weights = search.fit(sum, chosen, prior);
    draft.rest = AffineFit.residual(sum, search.target(), draft.weights);
    return draft;
  }

  /** Of a score, per element; what is left of exact files is not below their own rounding. */
  private double variance(double rest, Draft draft) {
    double exact = draft.sum[search.target()][search.target()] * 0x1p-50;
    return spread * Math.max(rest, exact) / draft.elements + Double.MIN_NORMAL;
  }

  /** Leaves out what a group does not need, and says how sure the weights are. */
  private Ancestry.Group group(Draft draft) {
    int[] kept = chosen;
    double[] weights = draft.weights;
    double rest = draft.rest;
    double variance = variance(rest, draft);
    double limit = variance * Math.log(draft.elements);
    for (boolean changed = true; changed && kept.length > 1; ) {
      changed = false;
      int weakest = -1;
      double least = limit;
      for (int member : kept) {
        int[] others = IntStream.of(kept).filter(i -> i != member).toArray();
        double[] fit = search.fit(draft.sum, others, Search.even(others, search.target() + 1));
        double loss = AffineFit.residual(draft.sum, search.target(), fit) - rest;
        if (loss < least && direction(draft.sum, member, others) > 0) {
          least = loss;
          weakest = member;
        }
      }
      if (weakest >= 0) {
        int gone = weakest;
        kept = IntStream.of(kept).filter(i -> i != gone).toArray();
        weights = search.fit(draft.sum, kept, Search.even(kept, search.target() + 1));
        changed = true;
      }
    }
    var errors = new double[weights.length];
    for (int member : kept) {
      int[] others = IntStream.of(kept).filter(i -> i != member).toArray();
      double own = others.length == 0 ? 0 : direction(draft.sum, member, others);
      errors[member] = own > 0 ? Math.sqrt(variance / own) : 0;
    }
    List<Block> blocks = draft.blocks.stream().map(search.blocks()::get).toList();
    return new Ancestry.Group(blocks, list(weights), list(errors));
  }

  /** Of the candidates, without the target. */
  private List<Double> list(double[] values) {
    return Arrays.stream(values).limit(search.target()).boxed().toList();
  }

  /** ‖x⊥‖² of a source beside others; 0 where they span it. */
  private static double direction(double[][] g, int member, int[] others) {
    double[] like = AffineFit.solve(g, member, others, Search.even(others, g.length));
    double own = AffineFit.residual(g, member, like);
    return own > 1e-9 * AffineFit.distance(g, member, others[0]) ? own : 0;
  }

  /**
   * How much more the tensors' scores scatter than they would if elements were independent: mean of
   * s_u² / ((1 − h_u)·σ_u²·‖x⊥_u‖²), at least 1.
   */
  private double spread() {
    double[][] weights = search.perBlock(chosen);
    double scatter = 0;
    double expected = 0;
    for (int member : chosen) {
      int[] others = IntStream.of(chosen).filter(i -> i != member).toArray();
      if (others.length == 0) {
        break;
      }
      double[][] directions = new double[search.blocks().size()][];
      double[] norms = new double[directions.length];
      for (int b = 0; b < directions.length; b++) {
        double[][] g = search.sum(b);
        double[] like = AffineFit.solve(g, member, others, Search.even(others, g.length));
        directions[b] = AffineFit.difference(member, like);
        norms[b] = direction(g, member, others);
      }
      for (int u = 0; u < search.units().size(); u++) {
        int b = search.blockOf(u);
        double[][] g = search.units().get(u).products();
        double own = AffineFit.form(g, directions[b], directions[b]);
        double lever = norms[b] > 0 ? own / norms[b] : 1;
        if (lever > 0.9 || own <= 0) {
          continue;
        }
        double[] c = AffineFit.difference(search.target(), weights[b]);
        double s = AffineFit.form(g, directions[b], c);
        double variance =
            AffineFit.residual(g, search.target(), weights[b]) / search.units().get(u).elements();
        scatter += s * s / (1 - lever);
        expected += variance * own;
      }
    }
    return expected > 0 ? Math.max(1, scatter / expected) : 1;
  }
}
