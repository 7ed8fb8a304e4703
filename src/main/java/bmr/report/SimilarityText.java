package bmr.report;

import bmr.analysis.Figures;
import bmr.analysis.Measure;
import bmr.analysis.ModelComparison;
import bmr.model.Block;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** How alike models are: tables with bars, JSON, CSV, Markdown. */
public final class SimilarityText {
  private static final int BAR = 20;

  private SimilarityText() {}

  /**
   * A row for each block and one for all.
   *
   * @param measures the columns; the bar shows the first that is a share, from the table's least to
   *     1
   */
  public static List<String> table(
      ModelComparison comparison, List<Measure> measures, Terminal terminal) {
    var columns = new ArrayList<Table.Column>();
    columns.add(Table.Column.left("block"));
    measures.forEach(measure -> columns.add(Table.Column.right(heading(measure))));
    columns.add(Table.Column.left(""));
    var table = new Table(columns.toArray(Table.Column[]::new));
    SequencedMap<Block, Figures> blocks = comparison.blocks();
    double floor = 0.99;
    for (Figures figures : blocks.values()) {
      double shown = shown(figures, measures);
      floor = Double.isNaN(shown) ? floor : Math.min(floor, shown);
    }
    for (Map.Entry<Block, Figures> entry : blocks.entrySet()) {
      row(table, entry.getKey().label(), entry.getValue(), measures, floor);
    }
    row(table, "total", comparison.total(), measures, floor);
    var lines =
        new ArrayList<>(table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    missing(comparison.onlyInModel(), comparison.model(), lines);
    missing(comparison.onlyInTarget(), comparison.target(), lines);
    return lines;
  }

  private static String heading(Measure measure) {
    return switch (measure) {
      case COSINE -> "cosine";
      case DISTANCE -> "distance";
      case RELATIVE_COSINE -> "rel. cosine";
      case RELATIVE_DISTANCE -> "rel. distance";
      case CENTRED_COSINE -> "centred";
      case MEAN_COSINE -> "mean";
      case LEAST_COSINE -> "least";
      case NORM_RATIO -> "norms";
    };
  }

  private static double shown(Figures figures, List<Measure> measures) {
    for (Measure measure : measures) {
      if (measure.isShare()) {
        return figures.value(measure);
      }
    }
    return Double.NaN;
  }

  private static void row(
      Table table, String label, Figures figures, List<Measure> measures, double floor) {
    var cells = new ArrayList<String>();
    cells.add(label);
    measures.forEach(measure -> cells.add(text(measure, figures.value(measure))));
    cells.add(Bar.of((shown(figures, measures) - floor) / (1 - floor), BAR));
    table.row(cells.toArray(String[]::new));
  }

  /** A value as people read it; a dash where it is not known. */
  public static String text(Measure measure, double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return measure.isShare() ? Quantities.percent(value) : Quantities.ratio(value);
  }

  private static void missing(int tensors, String holder, List<String> lines) {
    if (tensors > 0) {
      lines.add(
          Quantities.count(tensors, "tensor")
              + (tensors == 1 ? " is" : " are")
              + " only in "
              + holder
              + " and not compared");
    }
  }

  public static String json(ModelComparison comparison, List<Measure> measures) {
    return Json.text(json -> {
      json.beginObject();
      json.name("model").value(comparison.model());
      json.name("target").value(comparison.target());
      json.name("blocks").beginArray();
      for (Map.Entry<Block, Figures> entry : comparison.blocks().entrySet()) {
        json.beginObject();
        json.name("block").value(entry.getKey().label());
        numbers(json, entry.getValue(), measures);
        json.endObject();
      }
      json.endArray();
      json.name("total").beginObject();
      numbers(json, comparison.total(), measures);
      json.endObject();
      json.name("onlyInModel").value(comparison.onlyInModel());
      json.name("onlyInTarget").value(comparison.onlyInTarget());
      json.endObject();
    });
  }

  private static void numbers(JsonWriter json, Figures figures, List<Measure> measures)
      throws IOException {
    for (Measure measure : measures) {
      number(json.name(measure.word()), figures.value(measure));
    }
  }

  /** JSON has neither infinity nor NaN. */
  private static void number(JsonWriter json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.value(value);
    } else {
      json.nullValue();
    }
  }

  /** Comma-separated, with a heading, all digits. */
  public static List<String> csv(ModelComparison comparison, List<Measure> measures) {
    return rows(comparison, measures, ",", "", SimilarityText::digits);
  }

  /** A table for a web page. */
  public static List<String> markdown(ModelComparison comparison, List<Measure> measures) {
    var lines = rows(comparison, measures, " | ", "|", SimilarityText::text);
    lines.add(1, "|---|" + "--:|".repeat(measures.size()));
    return lines;
  }

  /** A value as text. */
  private interface Writing {
    String text(Measure measure, double value);
  }

  private static String digits(Measure measure, double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  private static List<String> rows(
      ModelComparison comparison,
      List<Measure> measures,
      String between,
      String frame,
      Writing writing) {
    String left = frame.isEmpty() ? "" : frame + " ";
    String right = frame.isEmpty() ? "" : " " + frame;
    var lines = new ArrayList<String>();
    var heading = new ArrayList<>(List.of("block"));
    measures.forEach(measure -> heading.add(measure.word()));
    lines.add(left + String.join(between, heading) + right);
    var rows = new java.util.LinkedHashMap<String, Figures>();
    comparison.blocks().forEach((block, figures) -> rows.put(block.label(), figures));
    rows.put("total", comparison.total());
    rows.forEach((label, figures) -> {
      var cells = new ArrayList<>(List.of(label));
      measures.forEach(measure -> cells.add(writing.text(measure, figures.value(measure))));
      lines.add(left + String.join(between, cells) + right);
    });
    return lines;
  }

  /**
   * Models against models, numbered so that the table stays narrow.
   *
   * @param values row against column
   */
  public static List<String> matrix(
      List<String> names, Measure measure, double[][] values, Terminal terminal) {
    var columns = new ArrayList<Table.Column>();
    columns.add(Table.Column.right(""));
    for (int i = 0; i < names.size(); i++) {
      columns.add(Table.Column.right(Integer.toString(i + 1)));
    }
    columns.add(Table.Column.left(""));
    var table = new Table(columns.toArray(Table.Column[]::new));
    for (int i = 0; i < names.size(); i++) {
      var cells = new ArrayList<String>();
      cells.add(Integer.toString(i + 1));
      for (double value : values[i]) {
        cells.add(narrow(measure, value));
      }
      cells.add(names.get(i));
      table.row(cells.toArray(String[]::new));
    }
    return table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text));
  }

  /** The same as Markdown, or as comma-separated values with all digits. */
  public static List<String> matrixRows(
      List<String> names, Measure measure, double[][] values, boolean markdown) {
    String between = markdown ? " | " : ",";
    String frame = markdown ? "|" : "";
    var lines = new ArrayList<String>();
    lines.add(frame + measure.word() + between + String.join(between, names) + frame);
    if (markdown) {
      lines.add("|---|" + "--:|".repeat(names.size()));
    }
    for (int i = 0; i < names.size(); i++) {
      var cells = new ArrayList<>(List.of(names.get(i)));
      for (double value : values[i]) {
        cells.add(markdown ? text(measure, value) : digits(measure, value));
      }
      lines.add(frame + String.join(between, cells) + frame);
    }
    return lines;
  }

  private static String narrow(Measure measure, double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return measure.isShare()
        ? String.format(Locale.ROOT, "%.1f", value * 100)
        : String.format(Locale.ROOT, "%.3f", value);
  }

  /** The same as JSON. */
  public static String matrixJson(List<String> names, Measure measure, double[][] values) {
    return Json.text(json -> {
      json.beginObject();
      json.name("measure").value(measure.word());
      json.name("models").beginArray();
      for (String name : names) {
        json.value(name);
      }
      json.endArray();
      json.name("values").beginArray();
      for (double[] row : values) {
        json.beginArray();
        for (double value : row) {
          number(json, value);
        }
        json.endArray();
      }
      json.endArray();
      json.endObject();
    });
  }
}
