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
    if (expression instanceof Expression.Call call
        && !WeightFunctions.isCall(call)
        && !LoraBinder.isCall(call)
        && !LoraExtraction.isCall(call)) {
      names.add(call.name().text());
      call.arguments()
          .forEach(argument -> argument.name().ifPresent(name -> names.add(name.text())));
    }
    Subexpressions.of(expression).forEach(part -> collect(part, names));
  }
}
