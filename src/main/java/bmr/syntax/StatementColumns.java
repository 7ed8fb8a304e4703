package bmr.syntax;

import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How deep the statements of a formatted script are indented. What belongs to a definition stands
 * one step deeper than it; a definition that was written deeper than another keeps standing below
 * it. Which of two is deeper never changes, so clauses find the same definitions again.
 */
final class StatementColumns {
  static final int STEP = 4;

  private record Level(int written, int column) {}

  /** Where a clause or an allowance begins, and where the definition begins that it belongs to. */
  private final Map<Integer, Integer> owners = new HashMap<>();

  private final Map<Integer, Integer> columns = new HashMap<>();
  private final Map<Integer, Boolean> definitions = new HashMap<>();
  private final List<Level> open = new ArrayList<>();

  StatementColumns(Script script) {
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.Definition definition) {
        int start = start(definition);
        definitions.put(start, true);
        for (var clause : definition.clauses()) {
          owners.put(clause.span().start(), start);
        }
        definition.sumAllowed().ifPresent(place -> owners.put(place.start(), start));
      }
    }
  }

  private static int start(Statement.Definition definition) {
    return Math.min(definition.span().start(), definition.name().span().start());
  }

  /**
   * The column of the next statement.
   *
   * @param start offset of its first token behind bullets
   * @param written its column as written
   */
  int next(int start, int written) {
    Integer owner = owners.get(start);
    if (owner != null) {
      return columns.getOrDefault(owner, 0) + STEP;
    }
    if (!definitions.containsKey(start)) {
      open.clear();
      return 0;
    }
    while (!open.isEmpty() && open.getLast().written() >= written) {
      open.removeLast();
    }
    int column = open.isEmpty() ? 0 : open.getLast().column() + STEP;
    open.add(new Level(written, column));
    columns.put(start, column);
    return column;
  }
}
