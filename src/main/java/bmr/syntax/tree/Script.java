package bmr.syntax.tree;

import bmr.source.SourceText;
import java.util.List;

/** A whole script: its statements in the order written. */
public record Script(SourceText source, List<Statement> statements) {
  public Script {
    statements = List.copyOf(statements);
  }
}
