package bmr.recipe;

import bmr.diagnostic.Diagnostic;
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
    public boolean isError() {
      return diagnostic.problem().severity() == Severity.ERROR;
    }
  }
}
