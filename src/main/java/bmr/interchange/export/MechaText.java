package bmr.interchange.export;

import bmr.diagnostic.ExportProblem;
import bmr.diagnostic.ProblemException;
import bmr.interchange.export.Step.Mode;
import bmr.model.Architecture;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A {@code .mecha} file, version 0.1.0: one node a line, numbered from 0 behind the version; the
 * last one is the result. sd-mecha puts {@code time_embed} and {@code label_emb} into BASE; where
 * they have another weight than the text encoder, the U-Net is picked out of a merge of its own.
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
    String start;
    if (step.c().isEmpty()) {
      start = "merge \"weighted_sum\" " + a + " " + b;
    } else {
      String difference = node("merge \"subtract\" " + b + " " + operand(step.c().get(), made));
      start = "merge \"add_difference\" " + a + " " + difference;
    }
    if (step.alpha().isConstant()) {
      return node(start + " alpha=" + number(step.alpha().first()));
    }
    checkParts(step);
    BigDecimal base = at(step, "BASE");
    String merged = node(start + " alpha=" + weight(step, base));
    for (Map.Entry<String, String> component : components().entrySet()) {
      BigDecimal own = at(step, component.getValue());
      if (own.compareTo(base) != 0) {
        String other = node(start + " alpha=" + weight(step, own));
        String picked =
            node("merge \"pick_component\" " + other + " \"" + component.getKey() + "\"");
        merged = node("merge \"fallback\" " + picked + " " + merged);
      }
    }
    return merged;
  }

  /** Components whose value for BASE may differ, with the part that says it. */
  private SequencedMap<String, String> components() {
    SequencedMap<String, String> components = new LinkedHashMap<>();
    components.put("diffuser", "TIME");
    if (architecture.equals(Architecture.SDXL)) {
      components.put("clip_g", "CLIPG");
    } else {
      components.put("vae", "VAE");
    }
    return components;
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
    String config = architecture.equals(Architecture.SDXL) ? "sdxl-sgm" : "sd1-ldm";
    return node("model \"" + quoted + "\" model_config=\"" + config + "\" merge_space=\"weight\"");
  }

  /**
   * Weights per block.
   *
   * @param base the value of BASE
   */
  private String weight(Step step, BigDecimal base) {
    boolean xl = architecture.equals(Architecture.SDXL);
    List<String> entries = new ArrayList<>();
    for (Cell cell : cells) {
      if (cell.isBlock() || (xl && cell.label().equals("VAE"))) {
        BigDecimal value = cell.label().equals("BASE") ? base : at(step, cell.label());
        entries.add(cell.label() + "=" + number(value));
      }
    }
    String values = node("dict " + String.join(" ", entries));
    String config = (xl ? "sdxl" : "sd1") + "-supermerger_blocks";
    String literal =
        node("literal " + values + " model_config=\"" + config + "\" merge_space=\"param\"");
    return node(
        "merge \"convert_" + (xl ? "sdxl_blocks_to_sgm" : "sd1_blocks_to_ldm") + "\" " + literal);
  }

  private BigDecimal at(Step step, String label) {
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i).label().equals(label)) {
        return step.alpha().values().get(i);
      }
    }
    throw new IllegalStateException(label);
  }

  /** Parts that lie in a block or component with another part, and cannot differ from it. */
  private void checkParts(Step step) {
    boolean xl = architecture.equals(Architecture.SDXL);
    for (Cell part : cells) {
      String other =
          switch (part.label()) {
            case "HEAD" -> xl ? "OUT08" : "OUT11";
            case "LABEL" -> "TIME";
            default -> part.label();
          };
      if (at(step, part.label()).compareTo(at(step, other)) != 0) {
        throw new ProblemException(
            new ExportProblem.PartNotExported(
                step.result(),
                part.site().place().part().label(),
                other.equals("TIME") ? "the time and label embedding" : other,
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
