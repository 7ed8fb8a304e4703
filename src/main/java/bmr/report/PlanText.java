package bmr.report;

import bmr.engine.Plan;
import bmr.engine.Plan.SourceUse;
import bmr.graph.FormulaText;
import bmr.graph.LinearForm;
import bmr.graph.TensorFormula;
import java.util.ArrayList;
import java.util.List;

/** A plan as text: what each block is made of, and what that costs. */
public final class PlanText {
  private static final String INDENT = "    ";

  private PlanText() {}

  /**
   * The effective formula of every class of tensors, one paragraph for each, in block order;
   * classes with the same formula stand together.
   *
   * @param width columns of the terminal
   */
  public static List<String> formulas(Plan plan, int width) {
    var lines = new ArrayList<String>();
    for (FormulaGroups.Group group : FormulaGroups.of(plan.model())) {
      lines.addAll(Wrap.lines(group.label() + ": " + group.text(), width, INDENT));
    }
    return lines;
  }

  /** What is read, written and needed. */
  public static List<String> costs(Plan plan) {
    var used = plan.sources().stream().filter(source -> source.readBytes() > 0).toList();
    var unused = plan.sources().stream().filter(source -> source.readBytes() == 0).toList();
    long all = plan.sources().stream().mapToLong(SourceUse::fileBytes).sum();
    var table = new Table(Table.Column.left(""), Table.Column.left(""));
    table.row(
        "reads",
        Quantities.bytes(plan.readBytes())
            + " of "
            + Quantities.bytes(all)
            + ", from "
            + Quantities.count(used.size(), "file"));
    if (!unused.isEmpty()) {
      table.row(
          "never reads", String.join(", ", unused.stream().map(PlanText::nameAndSize).toList()));
    }
    table.row("writes", Quantities.bytes(plan.writeBytes()) + ", " + types(plan));
    table.row(
        "memory",
        "at most "
            + Quantities.bytes(plan.peakMemory())
            + " for buffers, "
            + Quantities.count(plan.limits().threads(), "thread"));
    return table.lines(Terminal.DEFAULT_WIDTH, text -> text);
  }

  private static String nameAndSize(SourceUse source) {
    // a file that was not even opened has no size here
    return source.fileBytes() == 0
        ? source.name()
        : source.name() + " (" + Quantities.bytes(source.fileBytes()) + ")";
  }

  /** The types of what is written, the one with most bytes first: {@code F16, I64}. */
  public static String types(Plan plan) {
    return TypeList.of(plan.outputs());
  }

  /** What a formula says, without the tensors it is for. */
  static String text(TensorFormula formula, List<String> sources) {
    return switch (formula) {
      case TensorFormula.Blend blend -> form(blend.form(), sources);
      case TensorFormula.Verbatim verbatim ->
          FormulaText.name(sources.get(verbatim.source())) + ", not blended";
      case TensorFormula.PositionIds _ -> "position ids, written anew";
      case TensorFormula.Channels channels ->
          form(channels.common(), sources)
              + " on the first "
              + channels.channels()
              + " channels, "
              + form(channels.rest(), sources)
              + " on the rest";
    };
  }

  private static String form(LinearForm form, List<String> sources) {
    return FormulaText.of(form, sources);
  }
}
