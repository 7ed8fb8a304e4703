package bmr.sample;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where a synthetic model stands among its relatives: how much of each direction of noise is in it.
 * Merging models merges their mixtures, since both are linear.
 */
record Mixture(List<Double> loads) {
  /** Directions in which models differ from each other. */
  enum Direction {
    /** In every model: what they were all trained from. */
    BASE,
    /** In most of them a little, as fine-tuned models have something in common. */
    COMMON,
    BRA,
    BRA11,
    EVT,
    COAL,
    AGE,
    ERA,
    SXD,
    DREAM,
    DREAM6,
    DREAM5,
    /** What the target has of its own. */
    TARGET,
    /** The other one of two VAEs. */
    VAE
  }

  Mixture {
    loads = List.copyOf(loads);
  }

  /** The model that all others come from. */
  static Mixture base() {
    return new Mixture(Collections.nCopies(Direction.values().length, 0.0)).with(Direction.BASE, 1);
  }

  Mixture with(Direction direction, double load) {
    var changed = new ArrayList<>(loads);
    changed.set(direction.ordinal(), load);
    return new Mixture(changed);
  }

  Mixture weightSum(Mixture other, double alpha) {
    return combine(1 - alpha, other, alpha);
  }

  /** {@code this + (minuend - base) x alpha}. */
  Mixture addDifference(Mixture minuend, double alpha) {
    return combine(1, minuend, alpha).combine(1, base(), -alpha);
  }

  /** A model that is nearer to the base. */
  Mixture towardsBase(double share) {
    return weightSum(base(), share);
  }

  private Mixture combine(double own, Mixture other, double share) {
    var sums = new ArrayList<Double>();
    for (int i = 0; i < loads.size(); i++) {
      sums.add(own * loads.get(i) + share * other.loads.get(i));
    }
    return new Mixture(sums);
  }

  double[] toArray() {
    return loads.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
