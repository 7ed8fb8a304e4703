package bmr.recipe;

import bmr.syntax.tree.Expression;
import java.util.HashSet;
import java.util.Set;

/** The words of an expression that have brackets behind them: methods, or parameters with lists. */
final class InlineLists {
  private InlineLists() {}

  static Set<String> of(Expression expression) {
    Set<String> names = new HashSet<>();
    collect(expression, names);
    return names;
  }

  private static void collect(Expression expression, Set<String> names) {
    switch (expression) {
      case Expression.Call call -> {
        names.add(call.name().text());
        call.arguments()
            .forEach(argument -> {
              argument.name().ifPresent(name -> names.add(name.text()));
              collect(argument.value(), names);
            });
      }
      case Expression.Sum sum -> sum.terms().forEach(term -> collect(term.operand(), names));
      case Expression.Product product ->
          product.factors().forEach(factor -> collect(factor.operand(), names));
      case Expression.Bracket bracket -> collect(bracket.inner(), names);
      case Expression.Negated negated -> collect(negated.operand(), names);
      case Expression.At at -> {
        collect(at.operand(), names);
        collect(at.weight(), names);
      }
      case Expression.With with -> collect(with.weight(), names);
      case Expression.ModelList list -> list.models().forEach(model -> collect(model, names));
      case Expression.Fallback fallback ->
          fallback.alternatives().forEach(alternative -> collect(alternative, names));
      case Expression.Word w -> {}
      case Expression.Pinned p -> {}
      case Expression.HubFile h -> {}
      case Expression.Number n -> {}
      case Expression.Values v -> {}
      case Expression.WeightMap m -> {}
      case Expression.Unknown u -> {}
      case Expression.Broken b -> {}
    }
  }
}
