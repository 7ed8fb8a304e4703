package bmr.recipe;

import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.source.Span;
import bmr.syntax.tree.Name;
import java.util.List;

/** What an expression turned out to be. */
sealed interface Value {
  Span place();

  /** A weight. */
  record OfWeight(Weight weight, Span place) implements Value {}

  /** A weighted model or difference; products never nest. */
  record OfModel(Weight weight, Formula formula, Span place) implements Value {
    OfModel times(Weight factor) {
      return new OfModel(Weight.times(List.of(factor, weight)), formula, place);
    }
  }

  /** A word that nothing knows: a weight without a value, or a model that is not there. */
  record Unknown(Name name) implements Value {
    @Override
    public Span place() {
      return name.span();
    }
  }

  /** Something whose problem has been reported. */
  record Broken(Span place) implements Value {}
}
