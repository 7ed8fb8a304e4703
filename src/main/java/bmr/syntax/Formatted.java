package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Severity;
import java.util.List;

/**
 * What formatting gave.
 *
 * @param text the formatted script; the text as it was where there are errors
 * @param diagnostics what parsing found
 */
public record Formatted(String text, List<Diagnostic> diagnostics) {
  public Formatted {
    diagnostics = List.copyOf(diagnostics);
  }

  /** Whether the script has errors, so that nothing was formatted. */
  public boolean failed() {
    return diagnostics.stream().anyMatch(d -> d.problem().severity() == Severity.ERROR);
  }
}
