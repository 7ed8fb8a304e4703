package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.syntax.tree.Expression;
import java.util.List;

/** A single expression and its problems. */
public record ParsedExpression(Expression expression, List<Diagnostic> diagnostics) {
  public ParsedExpression {
    diagnostics = List.copyOf(diagnostics);
  }
}
