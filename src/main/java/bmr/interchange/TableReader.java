package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads tables of merge steps: Markdown with or without outer bars, and what is pasted from
 * spreadsheets with tabs. The heading says which column is what, in any order.
 */
final class TableReader {
  private static final int MOST_COLUMNS = 60;

  private TableReader() {}

  /** Whether a table of merge steps begins at this line. */
  static boolean begins(List<Line> lines, int at) {
    return headings(lines.get(at)).isPresent();
  }

  /** Adds the steps of a table to the draft; the index of the first line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Map<TableColumn, Integer> columns = headings(lines.get(at)).orElse(Map.of());
    boolean tabs = lines.get(at).text().indexOf('|') < 0;
    int next = at + 1;
    for (; next < lines.size(); next++) {
      Line line = lines.get(next);
      if (isRule(line.text())) {
        continue;
      }
      if (line.text().indexOf(tabs ? '\t' : '|') < 0 || headings(line).isPresent()) {
        break;
      }
      List<Cell> cells = cells(line.text(), tabs).stream().map(Cell::of).toList();
      if (cells.stream().allMatch(Cell::isEmpty)) {
        continue;
      }
      new TableStep(columns, cells, line, draft).add();
    }
    return next;
  }

  /** Which column is what; nothing where the line is no heading of such a table. */
  private static Optional<Map<TableColumn, Integer>> headings(Line line) {
    String text = line.text();
    boolean tabs = text.indexOf('|') < 0;
    if (tabs && text.indexOf('\t') < 0 || text.length() > 4000) {
      return Optional.empty();
    }
    List<String> cells = cells(text, tabs);
    Map<TableColumn, Integer> columns = new java.util.EnumMap<>(TableColumn.class);
    for (int i = 0; i < cells.size() && i < MOST_COLUMNS; i++) {
      int index = i;
      TableColumn.of(Cell.of(cells.get(i)).text()).ifPresent(c -> columns.putIfAbsent(c, index));
    }
    boolean models = columns.containsKey(TableColumn.A) && columns.containsKey(TableColumn.B);
    boolean how =
        columns.containsKey(TableColumn.METHOD)
            || columns.containsKey(TableColumn.WEIGHTS)
            || columns.containsKey(TableColumn.SHARE)
            || columns.containsKey(TableColumn.RESULT);
    return models && how ? Optional.of(columns) : Optional.empty();
  }

  /** The line of dashes below a heading. */
  private static boolean isRule(String text) {
    boolean dash = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("|:-+= \t".indexOf(c) < 0) {
        return false;
      }
      dash |= c == '-' || c == '=';
    }
    return dash;
  }

  /** The cells of a row; a bar behind a backslash is no border. */
  private static List<String> cells(String text, boolean tabs) {
    char border = tabs ? '\t' : '|';
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == border && (i == 0 || text.charAt(i - 1) != '\\')) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    if (!tabs && cells.getFirst().isBlank() && text.strip().startsWith("|")) {
      cells.removeFirst();
    }
    if (!tabs && !cells.isEmpty() && cells.getLast().isBlank() && text.strip().endsWith("|")) {
      cells.removeLast();
    }
    return cells;
  }

  /** The list of weights in a cell. */
  static Optional<List<BigDecimal>> list(Optional<Cell> cell) {
    return cell.filter(c -> !c.isEmpty()).flatMap(c -> Decimals.list(c.text()));
  }
}
