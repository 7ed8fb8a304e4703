package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.syntax.tree.Script;
import java.util.List;

/** What parsing gave: always a tree, of what could be understood, and the problems of the rest. */
public record Parsed(Script script, List<Diagnostic> diagnostics) {
  public Parsed {
    diagnostics = List.copyOf(diagnostics);
  }
}
