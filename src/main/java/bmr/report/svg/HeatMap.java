package bmr.report.svg;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * A table of numbers as shades.
 *
 * @param title what screen readers say first
 * @param rows labels on the left
 * @param columns labels above
 * @param values rows of columns; NaN where there is none
 * @param low the number of the palest shade
 * @param high the number of the strongest shade; numbers beyond have it too
 * @param number how a number is written in its cell
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HeatMap(
    String title,
    List<String> rows,
    List<String> columns,
    double[][] values,
    double low,
    double high,
    DoubleFunction<String> number) {
  private static final double ROW = 24;
  private static final double FONT = 11;
  private static final double LABEL = 12;
  private static final double LONGEST = 240;

  public HeatMap {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    if (values.length != rows.size()) {
      throw new IllegalArgumentException(values.length + " rows of values, " + rows.size());
    }
    for (double[] row : values) {
      if (row.length != columns.size()) {
        throw new IllegalArgumentException(row.length + " values, " + columns.size());
      }
    }
  }

  /** The picture; as wide as its labels and cells need. */
  public Markup svg() {
    double left = rows.stream().mapToDouble(row -> width(row, LABEL)).max().orElse(0) + 10;
    double cell = 34;
    for (double[] row : values) {
      for (double value : row) {
        cell = Math.max(cell, TextWidth.of(written(value), FONT) + 8);
      }
    }
    boolean slanted = false;
    double top = 20;
    for (String column : columns) {
      double width = width(column, FONT);
      if (width > cell - 2) {
        slanted = true;
        top = Math.max(top, width * 0.71 + 14);
      }
    }
    double overhang = slanted ? Math.max(0, top - cell) : 0;
    double width = left + cell * columns.size() + overhang + 2;
    double height = top + ROW * rows.size() + 2;
    Markup svg = Markup.picture("heat", title, width, height);
    for (int column = 0; column < columns.size(); column++) {
      double x = left + cell * (column + 0.5);
      heading(svg, columns.get(column), x, top - 6, slanted);
    }
    for (int row = 0; row < rows.size(); row++) {
      double y = top + ROW * row;
      svg.leaf(
              "text",
              TextWidth.cut(rows.get(row), LABEL, LONGEST),
              "x",
              left - 8,
              "y",
              y + ROW / 2 + 4,
              "text-anchor",
              "end",
              "font-size",
              LABEL)
          .line();
      for (int column = 0; column < columns.size(); column++) {
        cell(svg, row, column, left + cell * column, y, cell);
      }
    }
    return svg.close();
  }

  private static double width(String label, double size) {
    return Math.min(LONGEST, TextWidth.of(label, size));
  }

  private static void heading(Markup svg, String label, double x, double y, boolean slanted) {
    String text = TextWidth.cut(label, FONT, LONGEST);
    if (slanted) {
      svg.leaf(
          "text",
          text,
          "transform",
          "translate(" + Markup.number(x) + " " + Markup.number(y) + ") rotate(-45)",
          "font-size",
          FONT);
    } else {
      svg.leaf("text", text, "x", x, "y", y, "text-anchor", "middle", "font-size", FONT);
    }
    svg.line();
  }

  private void cell(Markup svg, int row, int column, double x, double y, double cell) {
    double value = values[row][column];
    double share = Double.isNaN(value) ? 0 : Math.clamp((value - low) / (high - low), 0, 1);
    String what = rows.get(row) + ", " + columns.get(column) + ": " + written(value);
    svg.open("g").leaf("title", what);
    svg.empty(
        "rect",
        "x",
        x + 0.5,
        "y",
        y + 0.5,
        "width",
        cell - 1,
        "height",
        ROW - 1,
        "rx",
        "2",
        "class",
        "shade",
        "fill-opacity",
        0.06 + 0.94 * share);
    svg.leaf(
        "text",
        written(value),
        "x",
        x + cell / 2,
        "y",
        y + ROW / 2 + 4,
        "text-anchor",
        "middle",
        "font-size",
        FONT,
        "class",
        share > 0.55 ? "on" : "off");
    svg.close().line();
  }

  private String written(double value) {
    return Double.isNaN(value) ? "–" : number.apply(value);
  }
}
