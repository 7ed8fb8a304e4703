package bmr.graph;

import java.math.BigDecimal;
import java.util.List;

/** Formulas as people read them, and as scripts take them. */
public final class FormulaText {
  private FormulaText() {}

  /** {@code 0.855·OpenBra + 0.18·sxd_10Pruned − 0.4739·v1-5-pruned-emaonly}. */
  public static String of(LinearForm form, List<String> sourceNames) {
    if (form.terms().isEmpty()) {
      return "0";
    }
    var text = new StringBuilder();
    for (LinearForm.Term term : form.terms()) {
      BigDecimal coefficient = term.coefficient();
      if (text.isEmpty()) {
        text.append(coefficient.signum() < 0 ? "−" : "");
      } else {
        text.append(coefficient.signum() < 0 ? " − " : " + ");
      }
      text.append(coefficient.abs().stripTrailingZeros().toPlainString()).append('·');
      text.append(
          switch (term.operand()) {
            case Operand.Source source -> sourceNames.get(source.index());
            case Operand.Application call -> call.method().name() + "(...)";
            case Operand.Rounded rounded -> "(" + of(rounded.value(), sourceNames) + ")";
          });
    }
    return text.toString();
  }
}
