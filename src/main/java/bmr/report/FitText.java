package bmr.report;

import bmr.analysis.WeightFitting.Change;
import bmr.analysis.WeightFitting.Found;
import bmr.analysis.WeightFitting.Part;
import bmr.analysis.WeightFitting.Result;
import bmr.report.Table.Column;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What a fit found, for people and as JSON. */
public final class FitText {
  private FitText() {}

  /**
   * The weights, and the distance in every block before and after.
   *
   * @param label what people call an unknown
   * @param relative what distances are relative to
   */
  public static List<String> table(
      Result result, UnaryOperator<String> label, String relative, Terminal terminal) {
    var weights =
        new Table(Column.left("weight"), Column.right("value"), Column.right("may move by"));
    for (Found found : result.weights()) {
      weights.row(label.apply(found.name()), found.value().toPlainString(), play(found.play()));
    }
    var blocks = new Table(Column.left("distance"), Column.right("before"), Column.right("after"));
    for (Change change : result.blocks()) {
      blocks.row(change.block().label(), figure(change.before()), figure(change.after()));
    }
    blocks.row("all", figure(result.before()), figure(result.after()));
    var lines =
        new ArrayList<String>(
            weights.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    lines.add("");
    lines.addAll(blocks.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
    lines.add("");
    lines.add("distances are relative to " + relative);
    for (List<Part> parts : result.undetermined()) {
      lines.add(undetermined(parts, label));
    }
    if (!result.improved()) {
      lines.add("nothing better than the start was found: it is kept");
    }
    if (result.leftOut() > 0) {
      lines.add(Quantities.count(result.leftOut(), "tensor") + " left out");
    }
    return lines;
  }

  private static String undetermined(List<Part> parts, UnaryOperator<String> label) {
    if (parts.size() == 1) {
      return "the target cannot tell apart any values of " + label.apply(parts.getFirst().name());
    }
    String names =
        parts.stream().map(part -> label.apply(part.name())).collect(Collectors.joining(", "));
    String moves =
        parts.stream()
            .map(part ->
                label.apply(part.name())
                    + (part.coefficient() < 0 ? " - " : " + ")
                    + coefficient(Math.abs(part.coefficient())))
            .collect(Collectors.joining(", "));
    return "the target cannot tell apart " + names + ": together, " + moves + " change nothing";
  }

  private static String coefficient(double value) {
    return new BigDecimal(value)
        .round(new MathContext(4, RoundingMode.HALF_EVEN))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static String figure(double distance) {
    return String.format(Locale.ROOT, "%.6f", distance);
  }

  private static String play(double play) {
    return Double.isInfinite(play) ? "anything" : String.format(Locale.ROOT, "%.1g", play);
  }

  /** The same as JSON; {@code play} is left out where the target does not determine the weight. */
  public static String json(Result result, UnaryOperator<String> label, String script) {
    return Json.text(json -> {
      json.beginObject();
      json.name("before").value(result.before());
      json.name("after").value(result.after());
      json.name("improved").value(result.improved());
      json.name("evaluations").value(result.evaluations());
      json.name("leftOut").value(result.leftOut());
      json.name("weights").beginArray();
      for (Found found : result.weights()) {
        json.beginObject();
        json.name("name").value(label.apply(found.name()));
        json.name("value").value(found.value());
        if (Double.isFinite(found.play())) {
          json.name("play").value(found.play());
        }
        json.endObject();
      }
      json.endArray();
      json.name("blocks").beginArray();
      for (Change change : result.blocks()) {
        json.beginObject();
        json.name("block").value(change.block().label());
        json.name("before").value(change.before());
        json.name("after").value(change.after());
        json.endObject();
      }
      json.endArray();
      json.name("undetermined").beginArray();
      for (List<Part> parts : result.undetermined()) {
        json.beginArray();
        for (Part part : parts) {
          json.beginObject();
          json.name("name").value(label.apply(part.name()));
          json.name("coefficient").value(part.coefficient());
          json.endObject();
        }
        json.endArray();
      }
      json.endArray();
      json.name("script").value(script);
      json.endObject();
    });
  }
}
