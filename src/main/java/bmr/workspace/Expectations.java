package bmr.workspace;

import bmr.analysis.Measure;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ExpectationProblem;
import bmr.diagnostic.Suggestions;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.ExpectationRequest;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Wanted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What {@code expect} and {@code require} ask: which measure, and when it is asked. */
public final class Expectations {
  private static final List<String> WORDS =
      Arrays.stream(Measure.values()).map(Measure::word).toList();

  private Expectations() {}

  /** What is wrong with measures and limits. */
  static List<Diagnostic> problems(Recipe recipe) {
    var problems = new ArrayList<Diagnostic>();
    for (ExpectationRequest expectation : recipe.expectations()) {
      problem(expectation).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<Diagnostic> problem(ExpectationRequest expectation) {
    String word = expectation.measure().text();
    if (Measure.named(word).isEmpty()) {
      return Optional.of(
          Diagnostic.at(
              expectation.measure().span(),
              new ExpectationProblem.UnknownMeasure(
                  word, Suggestions.closest(word, WORDS), WORDS)));
    }
    Optional<Measure> measure = measure(expectation);
    if (measure.isEmpty()) {
      return Optional.of(
          Diagnostic.at(expectation.measure().span(), new ExpectationProblem.NotRelative(word)));
    }
    if (measure.get().isRelative() && expectation.base().isEmpty()) {
      return Optional.of(
          Diagnostic.at(expectation.measure().span(), new ExpectationProblem.NoBase(word)));
    }
    if (measure.get().isShare() && expectation.limit().abs().compareTo(BigDecimal.ONE) > 0) {
      return Optional.of(
          Diagnostic.at(
              expectation.place(),
              new ExpectationProblem.LimitOutside(
                  word, expectation.limit().toPlainString(), expectation.percentage())));
    }
    return Optional.empty();
  }

  /**
   * The measure; with a base, {@code cosine} and {@code distance} are those relative to it.
   *
   * @return empty where there is no such measure, or it is not relative to anything
   */
  public static Optional<Measure> measure(ExpectationRequest expectation) {
    Optional<Measure> measure = Measure.named(expectation.measure().text());
    if (expectation.base().isEmpty()) {
      return measure;
    }
    return measure.flatMap(
        one -> one.isRelative() ? measure : Measure.named("relative_" + one.word()));
  }

  /**
   * Whether what is to be made is what it speaks of: all of them, unless one model is asked for.
   */
  public static boolean matters(ExpectationRequest expectation, Recipe recipe, Wanted wanted) {
    return wanted.only().isEmpty()
        || expectation.models().stream()
            .limit(2)
            .anyMatch(model ->
                model instanceof Formula.OfModel(int index, var _)
                    && OutputNames.sameLoosely(
                        wanted.only().get(), recipe.models().get(index).name()));
  }
}
