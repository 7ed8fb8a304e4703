package bmr.analysis;

import bmr.graph.LinearForm;
import bmr.graph.LinearForm.Term;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.graph.TensorFormula.Blend;
import bmr.graph.TensorFormula.Channels;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** One formula minus another. */
final class FormulaDifference {
  private FormulaDifference() {}

  /**
   * @throws IllegalArgumentException for tensors that are copied whatever they hold
   */
  static TensorFormula of(TensorFormula left, TensorFormula right) {
    if (left instanceof Blend(LinearForm a) && right instanceof Blend(LinearForm b)) {
      return new Blend(minus(a, b));
    }
    int channels =
        left instanceof Channels split
            ? split.channels()
            : right instanceof Channels split ? split.channels() : 0;
    if (channels == 0) {
      throw new IllegalArgumentException("not blended");
    }
    return new Channels(
        minus(part(left, true), part(right, true)),
        channels,
        minus(part(left, false), part(right, false)));
  }

  private static LinearForm part(TensorFormula formula, boolean common) {
    return switch (formula) {
      case Blend(LinearForm form) -> form;
      case Channels(LinearForm first, int channels, LinearForm rest) -> common ? first : rest;
      case TensorFormula.Verbatim verbatim -> throw new IllegalArgumentException("copied");
      case TensorFormula.PositionIds ids -> throw new IllegalArgumentException("position ids");
    };
  }

  private static LinearForm minus(LinearForm a, LinearForm b) {
    var sum = new LinkedHashMap<Operand, BigDecimal>();
    a.terms().forEach(term -> sum.merge(term.operand(), term.coefficient(), BigDecimal::add));
    b.terms()
        .forEach(term -> sum.merge(term.operand(), term.coefficient().negate(), BigDecimal::add));
    var terms = new ArrayList<Term>();
    sum.forEach((operand, coefficient) -> {
      if (coefficient.signum() != 0) {
        terms.add(new Term(operand, coefficient));
      }
    });
    return new LinearForm(terms);
  }
}
