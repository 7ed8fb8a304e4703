package bmr.report.svg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over one axis of numbers.
 *
 * @param title what screen readers say first
 * @param across what the horizontal axis counts
 * @param up what the vertical axis measures
 */
public record LineChart(String title, String across, String up, List<Series> series) {
  /** A line through points, ordered by x; a point whose y is NaN breaks it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Series(String name, double[] x, double[] y) {
    public Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException(x.length + " and " + y.length + " numbers");
      }
    }
  }

  private static final double WIDTH = 640;
  private static final double HEIGHT = 260;
  private static final double LEFT = 64;
  private static final double RIGHT = 16;
  private static final double TOP = 14;
  private static final double BOTTOM = 44;
  private static final double LEGEND = 18;

  public LineChart {
    series = List.copyOf(series);
  }

  /** The picture: lines are told apart by dashes and marks too, not by colour alone. */
  public Markup svg() {
    Range x = Range.of(series.stream().map(Series::x).toList());
    Range y = Range.of(series.stream().map(Series::y).toList());
    double height = HEIGHT + LEGEND * series.size();
    Markup svg = Markup.picture("chart", title, WIDTH, height);
    axes(svg, x, y);
    for (int i = 0; i < series.size(); i++) {
      line(svg, series.get(i), i % 6, x, y);
      double place = HEIGHT + LEGEND * i + 12;
      svg.empty(
          "line",
          "x1",
          LEFT,
          "x2",
          LEFT + 26,
          "y1",
          place - 4,
          "y2",
          place - 4,
          "class",
          "series s" + i % 6);
      svg.leaf(
              "text",
              TextWidth.cut(series.get(i).name(), 12, WIDTH - LEFT - 50),
              "x",
              LEFT + 34,
              "y",
              place,
              "font-size",
              "12")
          .line();
    }
    return svg.close();
  }

  private void axes(Markup svg, Range x, Range y) {
    double bottom = HEIGHT - BOTTOM;
    for (double tick : y.ticks(5)) {
      double place = y.place(tick, bottom, TOP);
      svg.empty("line", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", place, "y2", place, "class", "axis");
      label(svg, y.written(tick), LEFT - 8, place + 4, "end");
    }
    for (double tick : x.ticks(8)) {
      double place = x.place(tick, LEFT, WIDTH - RIGHT);
      label(svg, x.written(tick), place, bottom + 16, "middle");
    }
    label(svg, across, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle");
    svg.leaf(
            "text",
            TextWidth.cut(up, 11, bottom - TOP),
            "transform",
            "translate(13 " + Markup.number((TOP + bottom) / 2) + ") rotate(-90)",
            "text-anchor",
            "middle",
            "font-size",
            "11")
        .line();
  }

  private static void label(Markup svg, String text, double x, double y, String anchor) {
    svg.leaf("text", text, "x", x, "y", y, "text-anchor", anchor, "font-size", "11");
  }

  private static void line(Markup svg, Series one, int look, Range x, Range y) {
    double bottom = HEIGHT - BOTTOM;
    var d = new StringBuilder();
    boolean draws = false;
    for (int i = 0; i < one.x().length; i++) {
      if (!Double.isFinite(one.y()[i]) || !Double.isFinite(one.x()[i])) {
        draws = false;
        continue;
      }
      d.append(draws ? "L" : "M")
          .append(Markup.number(x.place(one.x()[i], LEFT, WIDTH - RIGHT)))
          .append(',')
          .append(Markup.number(y.place(one.y()[i], bottom, TOP)));
      draws = true;
    }
    svg.empty("path", "d", d.toString(), "class", "series s" + look);
    for (int i = 0; i < one.x().length && one.x().length <= 60; i++) {
      if (Double.isFinite(one.y()[i]) && Double.isFinite(one.x()[i])) {
        svg.open(
                "circle",
                "cx",
                x.place(one.x()[i], LEFT, WIDTH - RIGHT),
                "cy",
                y.place(one.y()[i], bottom, TOP),
                "r",
                "3",
                "class",
                "mark s" + look)
            .leaf("title", one.name() + ": " + x.written(one.x()[i]) + ", " + y.exact(one.y()[i]))
            .close();
      }
    }
    svg.line();
  }

  /** From the least to the greatest number, and the steps of its ticks. */
  private record Range(double low, double high) {
    static Range of(List<double[]> all) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] numbers : all) {
        for (double number : numbers) {
          if (Double.isFinite(number)) {
            low = Math.min(low, number);
            high = Math.max(high, number);
          }
        }
      }
      if (low > high) {
        return new Range(0, 1);
      }
      if (high - low <= Math.abs(high) * 1e-12) {
        double around = high == 0 ? 1 : Math.abs(high) * 0.05;
        return new Range(low - around, high + around);
      }
      return new Range(low, high);
    }

    double place(double number, double from, double to) {
      return from + (to - from) * (number - low) / (high - low);
    }

    /** 1, 2 or 5 times a power of ten, so that there are at most as many ticks as asked for. */
    double step(int most) {
      double raw = (high - low) / most;
      double power = Math.pow(10, Math.floor(Math.log10(raw)));
      for (double factor : new double[] {1, 2, 5}) {
        if (factor * power >= raw) {
          return factor * power;
        }
      }
      return 10 * power;
    }

    List<Double> ticks(int most) {
      double step = step(most);
      var ticks = new ArrayList<Double>();
      for (double i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
        ticks.add(i * step);
      }
      return ticks;
    }

    String written(double number) {
      int digits = (int) Math.clamp(Math.ceil(-Math.log10(step(8))), 0, 9);
      String text = String.format(Locale.ROOT, "%." + digits + "f", number);
      return (text.matches("-0\\.?0*") ? text.substring(1) : text).replace('-', '−');
    }

    String exact(double number) {
      return String.format(Locale.ROOT, "%.6g", number).replace('-', '−');
    }
  }
}
