package bmr.interchange.export;

import bmr.diagnostic.ExportProblem;
import bmr.diagnostic.ProblemException;
import bmr.interchange.export.Step.Mode;
import bmr.model.Architecture;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code .mecha} file, version 0.1.0: one node a line, numbered from 0 behind the version; the
 * last one is the result. sd-mecha puts {@code time_embed} and {@code label_emb} into BASE.
 */
final class MechaText {
  private final Architecture architecture;
  private final List<Cell> cells;
  private final Map<Operand, String> files;
  private final List<String> lines = new ArrayList<>();

  private MechaText(Architecture architecture, List<Cell> cells, Map<Operand, String> files) {
    this.architecture = architecture;
    this.cells = cells;
    this.files = files;
  }

  /**
   * The file's text.
   *
   * @param files what the operands' files are called
   */
  static String of(
      List<Step> steps, List<Cell> cells, Architecture architecture, Map<Operand, String> files) {
    var writer = new MechaText(architecture, cells, files);
    Map<String, String> made = new HashMap<>();
    for (Step step : steps) {
      made.put(step.result(), writer.step(step, made));
    }
    return "version 0.1.0\n" + String.join("\n", writer.lines);
  }

  private String step(Step step, Map<String, String> made) {
    String a = operand(step.a(), made);
    if (step.mode() == Mode.COPY) {
      return a;
    }
    String b = operand(step.b(), made);
    if (step.c().isEmpty()) {
      String alpha = weight(step);
      return node("merge \"weighted_sum\" " + a + " " + b + " alpha=" + alpha);
    }
    String c = operand(step.c().get(), made);
    String difference = node("merge \"subtract\" " + b + " " + c);
    String alpha = weight(step);
    return node("merge \"add_difference\" " + a + " " + difference + " alpha=" + alpha);
  }

  private String operand(Operand operand, Map<String, String> made) {
    String node = operand.made() ? made.get(operand.name()) : null;
    if (node != null) {
      return node;
    }
    String file = files.getOrDefault(operand, operand.name());
    if (file.contains("=")) {
      throw new ProblemException(
          new ExportProblem.NameNotExported(file, ExportTarget.MECHA.label()));
    }
    String quoted = file.replace("\\", "\\\\").replace("\"", "\\\"");
    String config = architecture == Architecture.SDXL ? "sdxl-sgm" : "sd1-ldm";
    return node("model \"" + quoted + "\" model_config=\"" + config + "\" merge_space=\"weight\"");
  }

  private String weight(Step step) {
    Shares alpha = step.alpha();
    if (alpha.isConstant()) {
      return node(
          "literal "
              + number(alpha.first())
              + " model_config=\"singleton-mecha\" merge_space=\"param\"");
    }
    boolean xl = architecture == Architecture.SDXL;
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      BigDecimal value = alpha.values().get(i);
      boolean own = cell.isBlock() || (xl && cell.label().equals("VAE"));
      if (own) {
        entries.add(cell.label() + "=" + number(value));
      } else {
        String block = cell.label().equals("HEAD") ? "OUT" + (xl ? "08" : "11") : "BASE";
        checkPart(step, cell, value, block);
      }
    }
    String values = node("dict " + String.join(" ", entries));
    String config = (xl ? "sdxl" : "sd1") + "-supermerger_blocks";
    return node("literal " + values + " model_config=\"" + config + "\" merge_space=\"param\"");
  }

  private void checkPart(Step step, Cell part, BigDecimal value, String block) {
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i).label().equals(block)
          && step.alpha().values().get(i).compareTo(value) != 0) {
        throw new ProblemException(
            new ExportProblem.PartNotExported(
                step.result(),
                part.site().place().part().label(),
                block,
                ExportTarget.MECHA.label()));
      }
    }
  }

  /** With a point, so that it is read as a fraction. */
  private static String number(BigDecimal value) {
    String text = Shares.text(value);
    return text.contains(".") ? text : text + ".0";
  }

  private String node(String line) {
    int known = lines.indexOf(line);
    if (known >= 0) {
      return "&" + known;
    }
    lines.add(line);
    return "&" + (lines.size() - 1);
  }
}
