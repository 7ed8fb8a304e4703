package bmr.graph;

import bmr.model.Weight;
import bmr.model.Weight.Site;
import java.math.BigDecimal;

/**
 * Arithmetic on coefficients. Folding is generic in it: exact decimals for plans and runs; fitting
 * brings numbers with gradients over the same nodes.
 */
public interface Coefficients<C> {
  C zero();

  C one();

  /** The value of a weight for the tensors of a site. */
  C weight(Weight weight, Site site);

  C add(C left, C right);

  C multiply(C left, C right);

  C divide(C dividend, C divisor);

  /** The same number in the least memory: long chains keep one for every node. */
  default C plain(C value) {
    return value;
  }

  /** Whether a coefficient is exactly zero. */
  boolean isZero(C value);

  /** Whether a coefficient sum counts as that of a difference: within 1e-6 of zero. */
  boolean isDifference(C sum);

  /** The coefficient as a number. */
  BigDecimal decimal(C value);
}
