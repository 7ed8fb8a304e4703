package bmr.report.svg;

import java.util.List;
import java.util.Locale;

/**
 * Weights of sources by block, one row of small bars for each: upwards where positive, downwards
 * where negative, all rows in one scale.
 *
 * @param title what screen readers say first
 * @param blocks labels of the bars
 * @param rows one for each source
 */
public record BlockBars(String title, List<String> blocks, List<Row> rows) {
  private static final double BAR = 17;
  private static final double HEIGHT = 44;
  private static final double GAP = 10;
  private static final double LABEL = 12;
  private static final double LONGEST = 240;

  /** A source and its coefficients, one for each block. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Row(String name, double[] weights) {}

  public BlockBars {
    blocks = List.copyOf(blocks);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.weights().length != blocks.size()) {
        throw new IllegalArgumentException(row.name() + " has " + row.weights().length);
      }
    }
  }

  /** The picture. */
  public Markup svg() {
    double left = 10;
    double most = 0;
    double least = 0;
    for (Row row : rows) {
      left = Math.max(left, Math.min(LONGEST, TextWidth.of(row.name(), LABEL)) + 12);
      for (double weight : row.weights()) {
        most = Math.max(most, weight);
        least = Math.min(least, weight);
      }
    }
    double span = most - least == 0 ? 1 : most - least;
    double width = left + BAR * blocks.size() + 2;
    double height = (HEIGHT + GAP) * rows.size() + 36;
    Markup svg = Markup.picture("bars", title, width, height);
    double y = 2;
    for (Row row : rows) {
      double zero = y + HEIGHT * most / span;
      svg.leaf(
          "text",
          TextWidth.cut(row.name(), LABEL, LONGEST),
          "x",
          left - 10,
          "y",
          y + HEIGHT / 2 + 4,
          "text-anchor",
          "end",
          "font-size",
          LABEL);
      svg.empty(
          "line",
          "x1",
          left,
          "x2",
          left + BAR * blocks.size(),
          "y1",
          zero,
          "y2",
          zero,
          "class",
          "axis");
      for (int block = 0; block < blocks.size(); block++) {
        bar(svg, row, block, left + BAR * block, y, zero, HEIGHT / span);
      }
      svg.line();
      y += HEIGHT + GAP;
    }
    for (int block = 0; block < blocks.size(); block++) {
      svg.leaf(
          "text",
          blocks.get(block),
          "transform",
          "translate("
              + Markup.number(left + BAR * block + BAR / 2 + 3)
              + " "
              + Markup.number(height - 2)
              + ") rotate(-90)",
          "font-size",
          "9");
    }
    return svg.line().close();
  }

  private void bar(
      Markup svg, Row row, int block, double x, double top, double zero, double scale) {
    double weight = row.weights()[block];
    double size = Math.abs(weight) * scale;
    svg.open("g")
        .leaf("title", row.name() + ", " + blocks.get(block) + ": " + written(weight))
        .empty("rect", "x", x, "y", top, "width", BAR, "height", HEIGHT, "class", "target");
    if (weight != 0) {
      svg.empty(
          "rect",
          "x",
          x + 1.5,
          "y",
          weight > 0 ? zero - size : zero,
          "width",
          BAR - 3,
          "height",
          Math.max(size, 0.6),
          "class",
          weight > 0 ? "plus" : "minus");
    }
    svg.close();
  }

  /** A weight with at most four decimals. */
  public static String written(double weight) {
    String text = String.format(Locale.ROOT, "%.4f", weight);
    return text.replaceAll("\\.?0+$", "").replace('-', '−');
  }
}
