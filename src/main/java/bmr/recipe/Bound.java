package bmr.recipe;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Problem;
import bmr.diagnostic.Severity;
import java.util.List;
import java.util.OptionalInt;

/**
 * What binding gave: always a recipe, of what could be understood, and the problems of the rest.
 */
public record Bound(Recipe recipe, List<Finding> findings) {
  public Bound {
    findings = List.copyOf(findings);
  }

  /**
   * A problem, and the definition it stands in if it stands in one.
   *
   * @param model index of the definition in the recipe
   */
  public record Finding(OptionalInt model, Diagnostic diagnostic) {
    /** Another problem at the same place. */
    Finding of(Problem problem) {
      return new Finding(model, new Diagnostic(problem, diagnostic.place(), diagnostic.related()));
    }

    public boolean isError() {
      return diagnostic.problem().severity() == Severity.ERROR;
    }
  }
}
