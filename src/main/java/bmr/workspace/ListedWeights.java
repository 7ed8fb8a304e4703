package bmr.workspace;

import bmr.model.Architecture;
import bmr.model.Weight;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import java.util.Optional;

/** What the lists of weights in a recipe say about architectures. */
final class ListedWeights {
  private ListedWeights() {}

  /** The architecture that lists of weights have the length of. */
  static Architecture guess(Recipe recipe) {
    boolean twenty =
        recipe.models().stream()
            .anyMatch(model -> misfit(model.formula(), Architecture.SD1).isPresent());
    return twenty ? Architecture.SDXL : Architecture.SD1;
  }

  /** Why the first weight that does not fit an architecture does not. */
  static Optional<String> misfit(Formula formula, Architecture architecture) {
    return switch (formula) {
      case Formula.OfSource source -> Optional.empty();
      case Formula.OfModel model -> Optional.empty();
      case Formula.Sum sum ->
          sum.terms().stream()
              .flatMap(term ->
                  term
                      .weight()
                      .misfit(architecture)
                      .or(() -> misfit(term.operand(), architecture))
                      .stream())
              .findFirst();
      case Formula.Fallback fallback ->
          fallback.alternatives().stream()
              .flatMap(one -> misfit(one, architecture).stream())
              .findFirst();
      case Formula.Adjusted adjusted -> misfit(adjusted.operand(), architecture);
      case Formula.OfComponent part -> misfit(part.operand(), architecture);
      case Formula.Call call ->
          call.parameters().stream()
              .flatMap(weight -> weight.misfit(architecture).stream())
              .findFirst()
              .or(() ->
                  call.operands().stream()
                      .flatMap(operand -> misfit(operand, architecture).stream())
                      .findFirst());
    };
  }

  /** Whether a list of 26 stands in a formula. */
  static boolean hasLongList(Formula formula) {
    return switch (formula) {
      case Formula.OfSource source -> false;
      case Formula.OfModel model -> false;
      case Formula.Sum sum ->
          sum.terms().stream()
              .anyMatch(term -> isLong(term.weight()) || hasLongList(term.operand()));
      case Formula.Fallback fallback ->
          fallback.alternatives().stream().anyMatch(ListedWeights::hasLongList);
      case Formula.Adjusted adjusted -> hasLongList(adjusted.operand());
      case Formula.OfComponent part -> hasLongList(part.operand());
      case Formula.Call call ->
          call.parameters().stream().anyMatch(ListedWeights::isLong)
              || call.operands().stream().anyMatch(ListedWeights::hasLongList);
    };
  }

  private static boolean isLong(Weight weight) {
    return switch (weight) {
      case Weight.PerBlock list -> list.values().size() == 26;
      case Weight.Plus plus -> plus.summands().stream().anyMatch(ListedWeights::isLong);
      case Weight.Times times -> times.factors().stream().anyMatch(ListedWeights::isLong);
      case Weight.Quotient quotient -> isLong(quotient.dividend()) || isLong(quotient.divisor());
      case Weight.Overridden overridden -> isLong(overridden.base());
      case Weight.Constant constant -> false;
      case Weight.Preset preset -> false;
      case Weight.Unknown unknown -> false;
      case Weight.Selected selected -> false;
    };
  }
}
