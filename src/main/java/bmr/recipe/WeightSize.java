package bmr.recipe;

import bmr.model.Weight;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many parts a weight has. */
final class WeightSize {
  private WeightSize() {}

  /** Whether there are more parts than a bound; counts no further than that. */
  static boolean exceeds(Weight weight, int bound) {
    Deque<Weight> open = new ArrayDeque<>();
    open.push(weight);
    int count = 0;
    while (!open.isEmpty()) {
      if (++count > bound) {
        return true;
      }
      switch (open.pop()) {
        case Weight.Constant constant -> {}
        case Weight.Preset preset -> {}
        case Weight.Unknown unknown -> {}
        case Weight.PerBlock list -> list.values().forEach(open::push);
        case Weight.Plus plus -> plus.summands().forEach(open::push);
        case Weight.Times times -> times.factors().forEach(open::push);
        case Weight.Quotient quotient -> {
          open.push(quotient.dividend());
          open.push(quotient.divisor());
        }
        case Weight.Selected selected -> {
          selected.entries().forEach(entry -> open.push(entry.weight()));
          open.push(selected.otherwise());
        }
        case Weight.Overridden overridden -> {
          overridden.entries().forEach(entry -> open.push(entry.weight()));
          open.push(overridden.base());
        }
      }
    }
    return false;
  }
}
