package bmr.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A linear form while it is being folded: operands in the order of first appearance. A coefficient
 * that has become zero keeps its place until the end, so that the order does not depend on where
 * things cancel.
 */
record Form<C>(Map<Operand, C> coefficients) {
  static <C> Form<C> empty() {
    return new Form<>(Map.of());
  }

  static <C> Form<C> of(Operand operand, C coefficient) {
    return new Form<>(Map.of(operand, coefficient));
  }

  /** A weighted sum of forms. */
  static <C> Form<C> sum(Coefficients<C> arithmetic, List<Form<C>> forms, List<C> weights) {
    Map<Operand, C> sum = new LinkedHashMap<>();
    for (int i = 0; i < forms.size(); i++) {
      C weight = weights.get(i);
      forms
          .get(i)
          .coefficients()
          .forEach((operand, coefficient) ->
              sum.merge(operand, arithmetic.multiply(weight, coefficient), arithmetic::add));
    }
    return new Form<>(sum);
  }

  /** The finished form: zeros dropped. */
  LinearForm finish(Coefficients<C> arithmetic) {
    List<LinearForm.Term> terms = new ArrayList<>();
    coefficients.forEach((operand, coefficient) -> {
      if (!arithmetic.isZero(coefficient)) {
        terms.add(new LinearForm.Term(operand, arithmetic.decimal(coefficient)));
      }
    });
    return new LinearForm(terms);
  }
}
