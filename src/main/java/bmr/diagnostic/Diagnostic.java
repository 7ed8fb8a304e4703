package bmr.diagnostic;

import bmr.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * A problem and where it is.
 *
 * @param problem what is wrong
 * @param place where in a text, if anywhere
 * @param related further places with a word about each, such as "first defined here"
 */
public record Diagnostic(Problem problem, Optional<Span> place, List<Related> related) {
  /** A further place that belongs to a problem. */
  public record Related(Span place, String label) {}

  public Diagnostic {
    related = List.copyOf(related);
  }

  /** A problem at a place. */
  public static Diagnostic at(Span place, Problem problem) {
    return new Diagnostic(problem, Optional.of(place), List.of());
  }

  /** A problem that no text is to blame for. */
  public static Diagnostic of(Problem problem) {
    return new Diagnostic(problem, Optional.empty(), List.of());
  }

  /** The same with one more place. */
  public Diagnostic with(Span where, String label) {
    var all = new java.util.ArrayList<>(related);
    all.add(new Related(where, label));
    return new Diagnostic(problem, place, all);
  }
}
