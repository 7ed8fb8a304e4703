package bmr.report;

import bmr.source.Display;
import java.util.ArrayList;
import java.util.List;

/** Columns of text for a terminal: no frames, two blanks between columns. */
public final class Table {
  /** On which side a column's text stands. */
  public enum Align {
    LEFT,
    RIGHT
  }

  /** A column's heading and alignment. */
  public record Column(String heading, Align align) {
    public static Column left(String heading) {
      return new Column(heading, Align.LEFT);
    }

    public static Column right(String heading) {
      return new Column(heading, Align.RIGHT);
    }
  }

  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row; one cell for each column. */
  public void row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells, " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * The heading and the rows. A last column that would pass the width is wrapped.
   *
   * @param width columns of the terminal
   * @param heading how headings look, such as {@code terminal::heading}
   */
  public List<String> lines(int width, java.util.function.UnaryOperator<String> heading) {
    int last = columns.size() - 1;
    int[] widths = new int[columns.size()];
    for (int i = 0; i <= last; i++) {
      widths[i] = Display.width(columns.get(i).heading());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], Display.width(row.get(i)));
      }
    }
    var lines = new ArrayList<String>();
    if (columns.stream().anyMatch(column -> !column.heading().isEmpty())) {
      var texts = columns.stream().map(Column::heading).toList();
      lines.add(heading.apply(line(texts, widths)));
    }
    int before = 0;
    for (int i = 0; i < last; i++) {
      before += widths[i] + GAP.length();
    }
    int room = Math.max(20, width - before);
    for (List<String> row : rows) {
      String tail = row.get(last);
      if (columns.get(last).align() == Align.RIGHT || Display.width(tail) <= room) {
        lines.add(line(row, widths));
        continue;
      }
      List<String> parts = Wrap.lines(tail, room, "");
      var first = new ArrayList<>(row.subList(0, last));
      first.add(parts.getFirst());
      lines.add(line(first, widths));
      for (String part : parts.subList(1, parts.size())) {
        lines.add(" ".repeat(before) + part);
      }
    }
    return lines;
  }

  private String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        line.append(GAP);
      }
      String padding = " ".repeat(Math.max(0, widths[i] - Display.width(cells.get(i))));
      if (columns.get(i).align() == Align.RIGHT) {
        line.append(padding).append(cells.get(i));
      } else {
        line.append(cells.get(i)).append(padding);
      }
    }
    return line.toString().stripTrailing();
  }
}
