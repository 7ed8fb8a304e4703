package bmr.report;

import bmr.analysis.Similarity.Comparison;
import bmr.kernel.Kernel.Products;
import bmr.model.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How alike two models are, as a table with bars and as JSON. */
public final class ComparisonText {
  private static final int BAR = 20;

  private ComparisonText() {}

  /** A row for each block and one for all; the bar shows the cosine from the table's least to 1. */
  public static List<String> table(Comparison comparison, Terminal terminal) {
    var table =
        new Table(
            Table.Column.left("block"),
            Table.Column.right("cosine"),
            Table.Column.right("distance"),
            Table.Column.left(""));
    double least = 1;
    for (Products products : comparison.blocks().values()) {
      least = Math.min(least, cosine(products));
    }
    for (Map.Entry<Block, Products> entry : comparison.blocks().entrySet()) {
      row(table, entry.getKey().label(), entry.getValue(), least);
    }
    row(table, "total", comparison.total(), least);
    var lines =
        new ArrayList<>(table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    missing(comparison.onlyInModel(), comparison.model(), lines);
    missing(comparison.onlyInTarget(), comparison.target(), lines);
    return lines;
  }

  /** Exactly 1 for equal models, where rounding would give a little more or less. */
  private static double cosine(Products products) {
    return products.distance() == 0 ? 1 : Math.clamp(products.cosine(), -1, 1);
  }

  private static void row(Table table, String label, Products products, double least) {
    double cosine = cosine(products);
    double floor = Math.min(least, 0.99);
    table.row(
        label,
        Quantities.percent(cosine),
        Quantities.ratio(distance(products)),
        Bar.of((cosine - floor) / (1 - floor), BAR));
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

  /** The relative distance ‖a−b‖ / ‖b‖; 0 for two zero tensors, infinite where only b is zero. */
  public static double distance(Products products) {
    if (products.distance() == 0) {
      return 0;
    }
    return Math.sqrt(products.distance() / products.rightRight());
  }

  public static String json(Comparison comparison) {
    return Json.text(json -> {
      json.beginObject();
      json.name("model").value(comparison.model());
      json.name("target").value(comparison.target());
      json.name("blocks").beginArray();
      for (Map.Entry<Block, Products> entry : comparison.blocks().entrySet()) {
        json.beginObject();
        json.name("block").value(entry.getKey().label());
        numbers(json, entry.getValue());
        json.endObject();
      }
      json.endArray();
      json.name("total").beginObject();
      numbers(json, comparison.total());
      json.endObject();
      json.name("onlyInModel").value(comparison.onlyInModel());
      json.name("onlyInTarget").value(comparison.onlyInTarget());
      json.endObject();
    });
  }

  private static void numbers(com.google.gson.stream.JsonWriter json, Products products)
      throws java.io.IOException {
    number(json, "cosine", cosine(products));
    number(json, "distance", distance(products));
  }

  /** JSON has neither infinity nor NaN. */
  private static void number(com.google.gson.stream.JsonWriter json, String name, double value)
      throws java.io.IOException {
    json.name(name);
    if (Double.isFinite(value)) {
      json.value(value);
    } else {
      json.nullValue();
    }
  }
}
