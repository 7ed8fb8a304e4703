package bmr.recipe;

import bmr.syntax.tree.Expression;
import java.util.List;

/** The parts of an expression in which models, parameters and calls may stand. */
final class Subexpressions {
  private Subexpressions() {}

  static List<Expression> of(Expression expression) {
    return switch (expression) {
      case Expression.Call call ->
          call.arguments().stream().map(Expression.Argument::value).toList();
      case Expression.Sum sum -> sum.terms().stream().map(Expression.Term::operand).toList();
      case Expression.Product product ->
          product.factors().stream().map(Expression.Factor::operand).toList();
      case Expression.Bracket bracket -> List.of(bracket.inner());
      case Expression.Negated negated -> List.of(negated.operand());
      case Expression.At at -> List.of(at.operand(), at.weight());
      case Expression.With with -> List.of(with.weight());
      case Expression.ModelList list -> list.models();
      case Expression.Fallback fallback -> fallback.alternatives();
      case Expression.Word word -> List.of();
      case Expression.Pinned pinned -> List.of();
      case Expression.HubFile hub -> List.of();
      case Expression.Number number -> List.of();
      case Expression.Values values -> List.of();
      case Expression.WeightMap map -> List.of();
      case Expression.Unknown unknown -> List.of();
      case Expression.Broken broken -> List.of();
    };
  }
}
