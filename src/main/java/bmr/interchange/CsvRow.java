package bmr.interchange;

import bmr.source.SourceText;
import bmr.source.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * One row of comma-separated values. Quoted cells may hold line breaks; two quotes in one mean a
 * quote.
 *
 * @param cells their texts without quotes
 * @param span where the row stands, without the line break at its end
 */
record CsvRow(List<String> cells, Span span) {
  private static final int MOST_ROWS = 20_000;
  private static final int MOST_CELLS = 100;

  CsvRow {
    cells = List.copyOf(cells);
  }

  /** All rows but empty ones; what exceeds the limits is left out. */
  static List<CsvRow> of(SourceText source) {
    String text = source.text();
    List<CsvRow> rows = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    var cell = new StringBuilder();
    boolean quoted = false;
    int start = 0;
    for (int at = 0; at <= text.length() && rows.size() < MOST_ROWS; at++) {
      char c = at == text.length() ? '\n' : text.charAt(at);
      if (quoted && at < text.length()) {
        if (c != '"') {
          cell.append(c);
        } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
          cell.append(c);
          at++;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',' || c == '\n' || c == '\r') {
        if (cells.size() < MOST_CELLS) {
          cells.add(cell.toString());
        }
        cell.setLength(0);
        if (c != ',') {
          if (at > start) {
            rows.add(new CsvRow(cells, new Span(source, start, at)));
          }
          cells = new ArrayList<>();
          quoted = false;
          start = Math.min(at + 1, text.length());
        }
      } else {
        cell.append(c);
      }
    }
    return rows;
  }
}
