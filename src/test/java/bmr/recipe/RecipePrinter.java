package bmr.recipe;

import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import java.util.stream.Collectors;

/** Recipes as short texts, for golden files. */
final class RecipePrinter {
  private RecipePrinter() {}

  static String print(Recipe recipe) {
    StringBuilder text = new StringBuilder();
    for (Recipe.NamedModel model : recipe.models()) {
      text.append(model.name()).append(" := ").append(formula(model.formula(), recipe));
      text.append('\n');
    }
    for (Recipe.SaveRequest save : recipe.saves()) {
      text.append("save ").append(recipe.models().get(save.model()).name());
      save.file().ifPresent(file -> text.append(" as ").append(file));
      save.dtype().ifPresent(dtype -> text.append(' ').append(dtype));
      text.append(save.asSource() ? " as source" : "");
      text.append(save.asDifference() ? " as difference" : "");
      text.append(save.unetOnly() ? " unet" : "");
      text.append(' ').append(save.vae()).append('\n');
    }
    return text.toString();
  }

  private static String formula(Formula formula, Recipe recipe) {
    return switch (formula) {
      case Formula.OfSource(int source, var place) ->
          "<" + recipe.sources().get(source).name() + ">";
      case Formula.OfModel(int model, var place) -> recipe.models().get(model).name();
      case Formula.Sum sum ->
          sum.terms().stream()
              .map(term -> weight(term.weight()) + "·" + formula(term.operand(), recipe))
              .collect(Collectors.joining(" + ", "(", ")"));
      case Formula.Fallback fallback ->
          fallback.alternatives().stream()
              .map(one -> formula(one, recipe))
              .collect(Collectors.joining(" | ", "(", ")"));
      case Formula.Adjusted adjusted ->
          "adjust["
              + formula(adjusted.operand(), recipe)
              + "; "
              + adjusted.adjustment().numbers()
              + "]";
      case Formula.OfComponent part ->
          part.component().word() + "(" + formula(part.operand(), recipe) + ")";
      case Formula.Call call ->
          call.method().name()
              + call.operands().stream()
                  .map(operand -> formula(operand, recipe))
                  .collect(Collectors.joining(", ", "[", "; "))
              + call.parameters().stream()
                  .map(RecipePrinter::weight)
                  .collect(Collectors.joining(", ", "", "]"));
    };
  }

  static String weight(Weight weight) {
    return switch (weight) {
      case Weight.Unknown unknown -> "?" + unknown.name();
      case Weight.Constant(var value) -> value.toPlainString();
      case Weight.PerBlock(var values) ->
          values.size()
              + values.stream()
                  .map(RecipePrinter::weight)
                  .collect(Collectors.joining(",", "{", "}"));
      case Weight.Preset(String name) -> name;
      case Weight.Plus(var summands) ->
          summands.stream().map(RecipePrinter::weight).collect(Collectors.joining(" + ", "(", ")"));
      case Weight.Times(var factors) ->
          factors.stream().map(RecipePrinter::weight).collect(Collectors.joining("*", "(", ")"));
      case Weight.Quotient(var dividend, var divisor) ->
          "(" + weight(dividend) + " / " + weight(divisor) + ")";
      case Weight.Selected(var entries, var otherwise) ->
          entries.stream()
                  .map(RecipePrinter::entry)
                  .collect(Collectors.joining(", ", "{", ", else "))
              + weight(otherwise)
              + "}";
      case Weight.Overridden(var base, var entries) ->
          weight(base)
              + entries.stream()
                  .map(RecipePrinter::entry)
                  .collect(Collectors.joining(", ", " with {", "}"));
    };
  }

  private static String entry(Weight.Entry entry) {
    String selectors =
        entry.selectors().stream()
            .map(selector ->
                switch (selector) {
                  case Weight.Selector.Blocks(var first, var last) ->
                      first.equals(last) ? first.label() : first + "-" + last;
                  case Weight.Selector.Named(var name) -> name.name();
                })
            .collect(Collectors.joining(" "));
    String elements =
        entry.elements().isEmpty()
            ? ""
            : ":" + (entry.negated() ? "NOT " : "") + String.join(" ", entry.elements());
    return selectors + elements + ": " + weight(entry.weight());
  }
}
