package bmr.syntax.tree;

import bmr.source.SourceText;
import java.util.List;

/** A whole script: its statements in the order written. */
public record Script(SourceText source, List<Statement> statements) {
  public Script {
    statements = List.copyOf(statements);
  }

  /** The script without its formulas, which take a hundred times the room of the rest. */
  public Script withoutDefinitions() {
    return new Script(
        source,
        statements.stream()
            .filter(statement -> !(statement instanceof Statement.Definition))
            .toList());
  }
}
