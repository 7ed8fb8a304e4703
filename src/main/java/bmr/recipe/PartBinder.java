package bmr.recipe;

import bmr.diagnostic.PartProblem.NoFileForEma;
import bmr.model.Component;
import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.Call;
import java.util.Optional;

/** {@code clip(A)}, {@code unet(A)}, {@code vae(A)} and {@code ema(A)}. */
final class PartBinder {
  private static final String EMA = "ema";

  private final ExpressionBinder expressions;
  private final Scope scope;

  PartBinder(ExpressionBinder expressions, Scope scope) {
    this.expressions = expressions;
    this.scope = scope;
  }

  /**
   * Whether a call is one of a part, by its name. Numbers alone in the brackets are the values of a
   * weight that has this name.
   */
  static boolean isCall(Call call, Scope scope) {
    String word = call.name().text();
    return !call.name().quoted()
        && (word.equals(EMA) || Component.named(word).isPresent())
        && call.arguments().size() == 1
        && call.arguments().getFirst().name().isEmpty()
        && holdsName(call.arguments().getFirst().value())
        && scope.method(word).isEmpty()
        && scope.definition(word).isEmpty()
        && scope.exactFile(word).isEmpty();
  }

  private static boolean holdsName(Expression expression) {
    return expression instanceof Expression.Word
        || expression instanceof Expression.Pinned
        || expression instanceof Expression.HubFile
        || expression instanceof Expression.Call
        || Subexpressions.of(expression).stream().anyMatch(PartBinder::holdsName);
  }

  Value bind(Call call) {
    Expression operand = call.arguments().getFirst().value();
    Optional<Formula> model = expressions.model(expressions.bind(operand));
    if (model.isEmpty()) {
      return new Value.Broken(call.span());
    }
    Optional<Component> component = Component.named(call.name().text());
    if (component.isPresent()) {
      return value(call, new Formula.OfComponent(component.get(), model.get(), call.span()));
    }
    if (model.get() instanceof Formula.OfSource(int source, _)
        && !scope.sources().get(source).lora()) {
      return value(call, new Formula.OfSource(scope.emaSource(source), call.span()));
    }
    return expressions.broken(
        operand.span(), new NoFileForEma(ExpressionBinder.shortened(operand.span())));
  }

  private static Value value(Call call, Formula formula) {
    return new Value.OfModel(Weight.Constant.ONE, formula, call.span());
  }
}
