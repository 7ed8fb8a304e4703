package bmr.interchange.export;

import bmr.diagnostic.ExportProblem;
import bmr.diagnostic.ProblemException;
import bmr.graph.FormulaText;
import bmr.interchange.export.Step.Mode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Numbered steps to click through in a web UI, each with the line that scripts have for it. */
final class WebUiText {
  private final List<Cell> cells;
  private final ExportTarget target;
  private final boolean markdown;
  private final StringBuilder text = new StringBuilder();

  private WebUiText(List<Cell> cells, ExportTarget target, boolean markdown) {
    this.cells = cells;
    this.target = target;
    this.markdown = markdown;
  }

  /**
   * The text, at most 80 columns wide but for what is pasted.
   *
   * @param notes what stands above the steps, a line each
   * @throws ProblemException if the target cannot do a step
   */
  static String of(
      String name,
      List<Step> steps,
      List<Cell> cells,
      ExportTarget target,
      boolean markdown,
      List<String> notes) {
    var writer = new WebUiText(cells, target, markdown);
    writer.text.append(markdown ? "# " : "").append(name).append(" in ").append(target.label());
    writer.text.append("\n\n");
    int count = steps.size();
    List<String> above = new ArrayList<>();
    above.add(count + (count == 1 ? " merge." : " merges, each saved and then chosen as a model."));
    above.addAll(
        List.of(
            "Every saved model is rounded to half precision; where the disk allows it,",
            "save as float32 (`save as half` off) and only the last one as half."));
    above.addAll(notes);
    writer.text.append(String.join("\n", above)).append('\n');
    for (int i = 0; i < count; i++) {
      writer.step(i + 1, steps.get(i));
    }
    return writer.text.toString();
  }

  private void step(int number, Step written) {
    Step step = turned(written);
    text.append('\n').append(markdown ? "## " : "").append(number).append(". ");
    text.append(step.result()).append(markdown ? "\n\n" : "\n");
    boolean copy = step.mode() == Mode.COPY;
    boolean web = target == ExportTarget.A1111;
    line(web ? "Interpolation" : "Merge mode", mode(step.mode()));
    line("Model A", step.a().name());
    if (!(copy && web)) {
      line("Model B", step.b().name());
    }
    step.c().ifPresent(c -> line("Model C", c.name()));
    if (!(copy && web)) {
      weights(step);
    }
    line(web ? "Custom name" : "Save as", step.result());
    text.append(markdown ? "\n```\n" : "\n");
    text.append(markdown ? script(step) : script(step).indent(3));
    text.append(markdown ? "```\n" : "");
  }

  /** A negative difference is a positive one the other way round. */
  private static Step turned(Step step) {
    boolean negative =
        step.mode() == Mode.ADD_DIFFERENCE
            && step.alpha().values().stream().allMatch(value -> value.signum() <= 0);
    if (!negative || step.c().isEmpty()) {
      return step;
    }
    return new Step(
        step.mode(),
        step.a(),
        step.c().get(),
        Optional.of(step.b()),
        step.alpha().negative(),
        step.beta(),
        step.result());
  }

  private void line(String field, String value) {
    text.append(markdown ? "- " : "   ").append(field).append(": ");
    text.append(markdown ? "`" + value + "`" : value).append('\n');
  }

  private void weights(Step step) {
    if (target == ExportTarget.A1111) {
      if (!step.alpha().isConstant()) {
        throw new ProblemException(
            new ExportProblem.BlocksNotExported(step.result(), target.label()));
      }
      BigDecimal value = step.alpha().first();
      if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
        throw new ProblemException(
            new ExportProblem.WeightNotExported(step.result(), Shares.text(value), target.label()));
      }
      line("Multiplier (M)", Shares.text(value));
      return;
    }
    boolean plain = inRange(step.alpha()) && step.beta().map(WebUiText::inRange).orElse(true);
    if (plain) {
      line("alpha", Shares.text(step.alpha().first()));
      step.beta().ifPresent(beta -> line("beta", Shares.text(beta.first())));
      return;
    }
    line("use MBW", "on");
    line("weights for alpha", list(step.alpha()));
    step.beta().ifPresent(beta -> line("weights for beta", list(beta)));
    String entries = elemental(Overrides.of(cells, step.alpha(), step.result(), target));
    if (!entries.isEmpty()) {
      line("Elemental Merge", entries);
    }
  }

  /** What SuperMerger's slider takes; lists take any number. */
  private static boolean inRange(Shares shares) {
    return shares.isConstant()
        && shares.first().compareTo(BigDecimal.ONE.negate()) >= 0
        && shares.first().compareTo(BigDecimal.TWO) <= 0;
  }

  private String mode(Mode mode) {
    boolean web = target == ExportTarget.A1111;
    return switch (mode) {
      case COPY -> web ? "No interpolation" : "Weight sum";
      case WEIGHT_SUM -> web ? "Weighted sum" : "Weight sum";
      case ADD_DIFFERENCE -> "Add difference";
      case TRIPLE_SUM -> "Triple sum";
    };
  }

  /** 26 numbers, or 20 for SDXL. */
  private String list(Shares shares) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i).isBlock()) {
        numbers.add(Shares.text(shares.values().get(i)));
      }
    }
    return String.join(",", numbers);
  }

  private String elemental(List<Overrides.Entry> entries) {
    return entries.stream()
        .map(entry ->
            String.join(" ", entry.blocks())
                + ":"
                + (entry.part() ? element(part(entry.piece())) : entry.piece())
                + ":"
                + Shares.text(entry.value()))
        .collect(Collectors.joining(","));
  }

  private Cell part(String label) {
    return cells.stream()
        .filter(cell -> cell.isWhole() && cell.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  /** SuperMerger looks for the piece in the whole key. */
  private static String element(Cell cell) {
    String filter = cell.filter();
    boolean head = cell.label().equals("HEAD");
    String piece = head ? filter : filter.replace("model.diffusion_model.", "");
    return piece.replaceAll("\\.$", head ? "." : "");
  }

  private String script(Step step) {
    String a = FormulaText.name(step.a().name());
    String b = FormulaText.name(step.b().name());
    String c = step.c().map(operand -> FormulaText.name(operand.name())).orElse("");
    boolean lists = !step.alpha().isConstant() || !step.beta().map(Shares::isConstant).orElse(true);
    BigDecimal first = step.alpha().first();
    BigDecimal second = step.beta().map(Shares::first).orElse(BigDecimal.ZERO);
    String alpha = lists ? "alpha" : factor(first);
    String beta = lists ? "beta" : factor(second);
    String kept = factor(BigDecimal.ONE.subtract(first).subtract(second));
    if (lists) {
      kept = step.beta().isPresent() ? "(1-alpha-beta)" : "(1-alpha)";
    }
    String formula =
        switch (step.mode()) {
          case COPY -> a;
          case WEIGHT_SUM -> a + " x " + kept + " + " + b + " x " + alpha;
          case ADD_DIFFERENCE -> a + " + (" + b + " - " + c + ") x " + alpha;
          case TRIPLE_SUM ->
              a + " x " + kept + " + " + b + " x " + alpha + " + " + c + " x " + beta;
        };
    String line = FormulaText.name(step.result()) + " = " + formula + "\n";
    if (lists && step.mode() != Mode.COPY) {
      line += "    alpha = " + weight(step.alpha(), step.result()) + "\n";
      line +=
          step.beta().map(value -> "    beta = " + weight(value, step.result()) + "\n").orElse("");
    }
    return line;
  }

  private static String factor(BigDecimal value) {
    return value.signum() < 0 ? "(" + Shares.text(value) + ")" : Shares.text(value);
  }

  private String weight(Shares shares, String result) {
    if (shares.isConstant()) {
      return Shares.text(shares.first());
    }
    String entries =
        Overrides.of(cells, shares, result, target).stream()
            .map(entry ->
                (entry.part()
                        ? entry.piece()
                        : String.join(" ", entry.blocks()) + ":" + entry.piece())
                    + ": "
                    + Shares.text(entry.value()))
            .collect(Collectors.joining(", "));
    return "(" + list(shares) + ")" + (entries.isEmpty() ? "" : " with {" + entries + "}");
  }
}
