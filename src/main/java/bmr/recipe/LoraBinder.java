package bmr.recipe;

import bmr.diagnostic.LoraProblem.Unknown;
import bmr.diagnostic.LoraProblem.WrongForm;
import bmr.diagnostic.NameProblem.AmbiguousFile;
import bmr.model.ModelNames.Lookup;
import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.Argument;
import bmr.syntax.tree.Expression.Call;
import bmr.syntax.tree.Name;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code lora("x")}, {@code lora("x", 0.7)} and {@code lora("x", unet: 0.7, te: 0.3)}. */
final class LoraBinder {
  private final ExpressionBinder expressions;
  private final Scope scope;

  LoraBinder(ExpressionBinder expressions, Scope scope) {
    this.expressions = expressions;
    this.scope = scope;
  }

  /** Whether a call is one of a LoRA, by its name. */
  static boolean isCall(Call call) {
    return !call.name().quoted()
        && call.name().text().equals("lora")
        && !call.arguments().isEmpty()
        && call.arguments().getFirst().value() instanceof Expression.Word;
  }

  /** Whether a LoRA is in an expression: then lists may have the lengths of LoRAs' blocks. */
  static boolean isIn(Expression expression) {
    return expression instanceof Call call && isCall(call)
        || Subexpressions.of(expression).stream().anyMatch(LoraBinder::isIn);
  }

  Value bind(Call call) {
    Name name = ((Expression.Word) call.arguments().getFirst().value()).name();
    Weight unet = Weight.Constant.ONE;
    @Nullable Weight text = null;
    for (Argument argument : call.arguments().subList(1, call.arguments().size())) {
      String slot = argument.name().map(Name::text).orElse("unet");
      Optional<Weight> weight = expressions.weight(argument.value());
      if (weight.isEmpty()) {
        return new Value.Broken(call.span());
      }
      switch (slot) {
        case "unet" -> unet = weight.get();
        case "te" -> text = weight.get();
        default -> {
          return expressions.broken(
              argument.span(), new WrongForm("has no weight called `" + slot + "`"));
        }
      }
    }
    Optional<Formula> source = source(name);
    if (source.isEmpty()) {
      return new Value.Broken(call.span());
    }
    Weight weight =
        text == null
            ? unet
            : new Weight.Selected(
                List.of(
                    new Weight.Entry(
                        List.of(new Weight.Selector.Named(Weight.SubName.CLIP)),
                        List.of(),
                        false,
                        text)),
                unet);
    return new Value.OfModel(weight, source.get(), call.span());
  }

  private Optional<Formula> source(Name name) {
    return switch (scope.lora(name.text())) {
      case Lookup.Found found ->
          Optional.of(new Formula.OfSource(scope.loraSource(found.file(), name), name.span()));
      case Lookup.Ambiguous ambiguous -> {
        List<String> files = ambiguous.files().stream().map(Object::toString).toList();
        expressions.broken(name.span(), new AmbiguousFile(name.text(), files, true));
        yield Optional.empty();
      }
      case Lookup.Missing missing -> {
        expressions.broken(name.span(), new Unknown(name.text(), missing.similar()));
        yield Optional.empty();
      }
    };
  }
}
