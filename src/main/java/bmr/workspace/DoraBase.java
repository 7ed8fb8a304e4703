package bmr.workspace;

import bmr.model.Weight;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.Term;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/** The model that stands before a LoRA, in all formulas that have it. */
final class DoraBase {
  private final Recipe recipe;
  private final int lora;
  private final BitSet bases = new BitSet();
  private boolean elsewhere;

  private DoraBase(Recipe recipe, int lora) {
    this.recipe = recipe;
    this.lora = lora;
  }

  /**
   * The one file that stands before a LoRA, whole and alone, wherever it is used; empty where that
   * is not so.
   */
  static OptionalInt of(Recipe recipe, int lora) {
    DoraBase base = new DoraBase(recipe, lora);
    recipe.models().forEach(model -> base.visit(model.formula()));
    recipe
        .compares()
        .forEach(compare -> {
          base.visit(compare.left());
          base.visit(compare.right());
        });
    return base.elsewhere || base.bases.cardinality() != 1
        ? OptionalInt.empty()
        : OptionalInt.of(base.bases.nextSetBit(0));
  }

  private boolean isLora(Formula formula) {
    return formula instanceof Formula.OfSource(int source, var place) && source == lora;
  }

  private void visit(Formula formula) {
    switch (formula) {
      case Formula.OfSource source -> elsewhere |= isLora(source);
      case Formula.OfModel model -> {}
      case Formula.Sum sum -> {
        for (int i = 0; i < sum.terms().size(); i++) {
          Formula operand = sum.terms().get(i).operand();
          if (isLora(operand)) {
            before(sum.terms().subList(0, i));
          } else {
            visit(operand);
          }
        }
      }
      case Formula.Fallback fallback -> fallback.alternatives().forEach(this::visit);
      case Formula.Adjusted adjusted -> visit(adjusted.operand());
      case Formula.OfComponent part -> visit(part.operand());
      case Formula.Call call -> call.operands().forEach(this::visit);
    }
  }

  private void before(List<Term> terms) {
    OptionalInt source =
        terms.size() == 1 && terms.getFirst().weight().equals(Weight.Constant.ONE)
            ? source(terms.getFirst().operand())
            : OptionalInt.empty();
    if (source.isEmpty() || recipe.sources().get(source.getAsInt()).lora()) {
      elsewhere = true;
    } else {
      bases.set(source.getAsInt());
    }
  }

  /** The file that a formula is another name of. */
  private OptionalInt source(Formula formula) {
    Formula name = formula;
    for (int steps = 0; steps <= recipe.models().size(); steps++) {
      if (name instanceof Formula.OfSource(int source, var place)) {
        return OptionalInt.of(source);
      }
      if (!(name instanceof Formula.OfModel(int model, var place))) {
        return OptionalInt.empty();
      }
      name = recipe.models().get(model).formula();
    }
    return OptionalInt.empty();
  }
}
