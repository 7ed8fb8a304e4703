package bmr.graph;

import java.math.BigDecimal;
import java.util.List;

/**
 * A linear combination with exact coefficients. Terms stand in the order of first appearance in the
 * expanded expression, which fixes the order of additions; no operand twice, no coefficient 0. No
 * terms means zero everywhere.
 */
public record LinearForm(List<Term> terms) {
  public static final LinearForm ZERO = new LinearForm(List.of());

  public LinearForm {
    terms = List.copyOf(terms);
  }

  /** An operand and its coefficient. */
  public record Term(Operand operand, BigDecimal coefficient) {}

  /** Whether the form is one operand unchanged: a coefficient of exactly 1. */
  public boolean isCopy() {
    return terms.size() == 1 && terms.getFirst().coefficient().compareTo(BigDecimal.ONE) == 0;
  }
}
