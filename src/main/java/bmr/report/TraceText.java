package bmr.report;

import bmr.analysis.ancestry.Ancestry;
import bmr.analysis.ancestry.Ancestry.Group;
import bmr.analysis.ancestry.Ancestry.Kind;
import bmr.analysis.ancestry.Ancestry.Verdict;
import bmr.analysis.ancestry.Trace;
import bmr.model.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What went into a model, as text for a terminal. */
public final class TraceText {
  private static final int BAR = 20;
  private static final int COLUMNS = 5;
  private static final int NAME = 10;

  private final Trace trace;
  private final Terminal terminal;
  private final List<String> lines = new ArrayList<>();

  private TraceText(Trace trace, Terminal terminal) {
    this.trace = trace;
    this.terminal = terminal;
  }

  public static List<String> lines(Trace trace, Terminal terminal) {
    return new TraceText(trace, terminal).lines();
  }

  private List<String> lines() {
    List<Integer> ancestors = trace.ancestors();
    lines.add(
        trace.target()
            + ": "
            + Quantities.count(ancestors.size(), "ancestor")
            + " among "
            + Quantities.count(trace.candidates().size(), "candidate")
            + ", by "
            + Quantities.count(trace.tensors(), "tensor"));
    trace
        .identical()
        .ifPresent(i -> lines.add("every tensor equals that of " + trace.candidates().get(i)));
    lines.add("");
    table(ancestors);
    others();
    twins();
    identical();
    if (trace.ancestry().groups().size() > 1) {
      blocks(ancestors);
    }
    rest();
    lines.add("");
    TraceScript.definition(trace).forEach(lines::add);
    return lines;
  }

  private void add(Table table) {
    lines.addAll(table.lines(terminal.width(), text -> terminal.paint(Style.HEADING, text)));
  }

  private void table(List<Integer> ancestors) {
    var table =
        new Table(
            Table.Column.left("ancestor"),
            Table.Column.right("weight"),
            Table.Column.right("±"),
            Table.Column.right("of the rest"),
            Table.Column.left(""));
    for (int i : ancestors) {
      double mean = trace.mean(i);
      table.row(
          trace.name(i),
          weight(mean),
          error(i),
          String.format(
              Locale.ROOT, "%.0f%%", 100 * trace.ancestry().verdicts().get(i).evidence().cosine()),
          mean < 0 ? "subtracted" : Bar.of(mean, BAR));
    }
    add(table);
    if (trace.ancestry().groups().size() > 1) {
      lines.add("weights are means over the blocks, which differ");
    }
  }

  private static String weight(double value) {
    return TraceScript.decimal(value).setScale(4).toPlainString();
  }

  private String error(int ancestor) {
    double most =
        trace.ancestry().groups().stream()
            .mapToDouble(group -> group.errors().get(ancestor))
            .max()
            .orElse(0);
    return String.format(Locale.ROOT, "%.1g", most).contains("e")
        ? String.format(Locale.ROOT, "%.0e", most)
        : String.format(Locale.ROOT, "%.4f", most);
  }

  private List<String> names(Kind kind) {
    List<Verdict> verdicts = trace.ancestry().verdicts();
    return IntStream.range(0, verdicts.size())
        .filter(i -> verdicts.get(i).kind() == kind)
        .mapToObj(trace::name)
        .toList();
  }

  private void others() {
    List<Verdict> verdicts = trace.ancestry().verdicts();
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i).kind() == Kind.POSSIBLE_RELATIVE) {
        lines.add(
            "possible relative: "
                + trace.name(i)
                + String.format(
                    Locale.ROOT,
                    " (%.1f%% of what is left over lies in its direction)",
                    100 * verdicts.get(i).evidence().cosine()));
      }
    }
    List<String> absent = names(Kind.ABSENT);
    if (!absent.isEmpty()) {
      lines.addAll(Wrap.lines("not in it: " + String.join(", ", absent), terminal.width(), "  "));
    }
    for (Ancestry.Alike alike : trace.ancestry().alike()) {
      lines.add(
          trace.name(alike.ancestor())
              + " and "
              + trace.name(alike.other())
              + " are too alike to tell which of them it is");
    }
  }

  private void twins() {
    for (int i = 0; i < trace.stands().size(); i++) {
      int stand = trace.stands().get(i);
      if (stand != i) {
        lines.add(
            trace.candidates().get(i)
                + " is "
                + trace.candidates().get(stand)
                + " but for rounding; they count as one");
      }
    }
  }

  private void identical() {
    if (trace.identical().isPresent()) {
      return;
    }
    trace
        .parts()
        .forEach((part, i) ->
            lines.add(
                "the "
                    + part.label()
                    + " is bit-identical to that of "
                    + trace.candidates().get(i)));
    trace
        .blocks()
        .forEach((block, i) ->
            lines.add(block.label() + " is bit-identical to that of " + trace.candidates().get(i)));
  }

  private void blocks(List<Integer> ancestors) {
    for (int from = 0; from < ancestors.size(); from += COLUMNS) {
      List<Integer> shown = ancestors.subList(from, Math.min(ancestors.size(), from + COLUMNS));
      var columns = new ArrayList<Table.Column>();
      columns.add(Table.Column.left("block"));
      shown.forEach(i -> columns.add(Table.Column.right(cut(trace.name(i)))));
      columns.add(Table.Column.left(""));
      var table = new Table(columns.toArray(Table.Column[]::new));
      for (Trace.Rest rest : trace.rests()) {
        Block block = rest.block();
        var cells = new ArrayList<String>();
        cells.add(block.label());
        shown.forEach(i -> cells.add(weight(trace.ancestry().weight(i, block))));
        cells.add(Bar.of(trace.ancestry().weight(shown.getFirst(), block), BAR / 2));
        table.row(cells.toArray(String[]::new));
      }
      lines.add("");
      add(table);
    }
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) <= NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, NAME - 1)) + "…";
  }

  private void rest() {
    Trace.Rest total = trace.total();
    lines.add("");
    if (total.rest() <= 4 * total.floor()) {
      lines.add("what is left over is no more than rounding makes");
      return;
    }
    lines.add(
        "left over, rounding taken off: "
            + Quantities.percent(total.unexplained())
            + " of the way from the base or the main ancestor");
    double[] parts = trace.rests().stream().mapToDouble(Trace.Rest::unexplained).toArray();
    double most = Math.max(Arrays.stream(parts).max().orElse(0), 1e-12);
    var table =
        new Table(
            Table.Column.left("block"), Table.Column.right("left over"), Table.Column.left(""));
    for (Trace.Rest rest : trace.rests()) {
      table.row(
          rest.block().label(),
          Quantities.percent(rest.unexplained()),
          Bar.of(rest.unexplained() / most, BAR));
    }
    add(table);
  }

  /** The same as JSON. */
  public static String json(Trace trace) {
    return Json.text(json -> {
      json.beginObject();
      json.name("target").value(trace.target());
      if (trace.identical().isPresent()) {
        json.name("identical").value(trace.candidates().get(trace.identical().getAsInt()));
      }
      json.name("candidates").beginArray();
      for (int i = 0; i < trace.candidates().size(); i++) {
        json.beginObject();
        json.name("name").value(trace.candidates().get(i));
        int stand = trace.stands().get(i);
        if (stand != i) {
          json.name("sameAs").value(trace.candidates().get(stand));
        } else {
          int at = trace.searched().indexOf(i);
          Verdict verdict = trace.ancestry().verdicts().get(at);
          json.name("verdict").value(verdict.kind().name().toLowerCase(Locale.ROOT));
          json.name("weight").value(trace.mean(at));
          json.name("cosine").value(verdict.evidence().cosine());
          json.name("consistency").value(verdict.evidence().consistency());
        }
        json.endObject();
      }
      json.endArray();
      json.name("alike").beginArray();
      for (Ancestry.Alike alike : trace.ancestry().alike()) {
        json.beginArray();
        json.value(trace.name(alike.ancestor())).value(trace.name(alike.other()));
        json.endArray();
      }
      json.endArray();
      json.name("groups").beginArray();
      for (Group group : trace.ancestry().groups()) {
        json.beginObject();
        json.name("blocks").beginArray();
        for (Block block : group.blocks()) {
          json.value(block.label());
        }
        json.endArray();
        json.name("weights").beginObject();
        for (int i : trace.ancestors()) {
          json.name(trace.name(i)).value(group.weights().get(i));
        }
        json.endObject();
        json.name("errors").beginObject();
        for (int i : trace.ancestors()) {
          json.name(trace.name(i)).value(group.errors().get(i));
        }
        json.endObject().endObject();
      }
      json.endArray();
      json.name("identicalParts").beginObject();
      for (var part : trace.parts().entrySet()) {
        json.name(part.getKey().label()).value(trace.candidates().get(part.getValue()));
      }
      json.endObject();
      json.name("leftOver").beginArray();
      for (Trace.Rest rest : trace.rests()) {
        json.beginObject();
        json.name("block").value(rest.block().label());
        json.name("unexplained").value(rest.unexplained());
        json.name("rest").value(rest.rest());
        json.name("rounding").value(rest.floor());
        json.endObject();
      }
      json.endArray();
      json.endObject();
    });
  }
}
