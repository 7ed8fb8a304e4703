package bmr.graph;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

  /** Indices of the sources that the form needs, however deep, in order of first appearance. */
  public Set<Integer> sources() {
    Set<Integer> sources = new LinkedHashSet<>();
    collect(this, sources);
    return sources;
  }

  private static void collect(LinearForm form, Set<Integer> sources) {
    for (Term term : form.terms()) {
      switch (term.operand()) {
        case Operand.Source(int index) -> sources.add(index);
        case Operand.Application application ->
            application.operands().forEach(operand -> collect(operand, sources));
        case Operand.Rounded rounded -> collect(rounded.value(), sources);
      }
    }
  }
}
