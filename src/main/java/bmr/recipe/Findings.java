package bmr.recipe;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Problem;
import bmr.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Collects problems while a script is bound. */
final class Findings {
  private final List<Bound.Finding> all = new ArrayList<>();
  private OptionalInt model = OptionalInt.empty();

  /** What is reported from now on stands in this definition. */
  void inModel(int index) {
    model = OptionalInt.of(index);
  }

  /** What is reported from now on stands in no definition. */
  void outside() {
    model = OptionalInt.empty();
  }

  void report(Span place, Problem problem) {
    report(Diagnostic.at(place, problem));
  }

  void report(Diagnostic diagnostic) {
    all.add(new Bound.Finding(model, diagnostic));
  }

  List<Bound.Finding> all() {
    return all;
  }
}
