package bmr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Random scripts that use the whole language and are mostly valid: the same state of the generator
 * gives the same script.
 */
public final class RandomScripts {
  private final RandomGenerator random;
  private final RandomSpelling spelling;
  private final boolean seeded;
  private final RandomWeights weights;
  private final RandomFormulas formulas;
  private final List<String> results = new ArrayList<>();

  private RandomScripts(RandomGenerator random) {
    this.random = random;
    this.spelling = new RandomSpelling(random);
    this.seeded = spelling.chance(3);
    this.weights = new RandomWeights(spelling, seeded);
    this.formulas = new RandomFormulas(spelling, weights);
  }

  /** A script of a few up to about sixty lines. */
  public static String script(RandomGenerator random) {
    return new RandomScripts(random).write();
  }

  /** A script with some tokens or characters deleted, doubled, swapped or inserted. */
  public static String mutated(String script, RandomGenerator random) {
    return ScriptMutation.of(script, random);
  }

  private String write() {
    List<String> statements = new ArrayList<>(settings());
    List<String> definitions = new ArrayList<>();
    int count = 1 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      definitions.add(definition());
    }
    if (spelling.chance(4)) {
      // forward references
      Collections.shuffle(definitions, new Random(random.nextLong()));
    }
    statements.addAll(definitions);
    statements.addAll(requests());
    StringBuilder text = new StringBuilder(gap());
    for (String statement : statements) {
      text.append(statement).append("\n").append(gap());
    }
    String newline = spelling.pick("\n", "\n", "\n", "\r\n", "\r");
    if (spelling.chance(5)) {
      text.setLength(text.length() - 1);
    }
    return (spelling.chance(20) ? "\uFEFF" : "") + text.toString().replace("\n", newline);
  }

  /** Empty lines and comments between statements. */
  private String gap() {
    StringBuilder gap = new StringBuilder();
    while (spelling.chance(3)) {
      gap.append(spelling.chance(2) ? spelling.pick("", "", "  ", "\t") : spelling.comment());
      gap.append("\n");
    }
    return gap.toString();
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (spelling.chance(3)) {
      settings.add(
          "models " + spelling.quoted(spelling.pick("checkpoints", "D:\\sd\\models", "~/モデル")));
    }
    if (spelling.chance(4)) {
      settings.add("block_map \"bmr\"");
    }
    if (spelling.chance(6)) {
      settings.add(spelling.pick("precision stepwise f16", "precision exact"));
    }
    if (spelling.chance(12)) {
      settings.add(spelling.pick("keep ema", "drop ema"));
    }
    if (seeded) {
      settings.add("seed " + random.nextInt(1000));
    }
    if (spelling.chance(12)) {
      settings.add("include " + spelling.quoted("parts/other.bmr"));
    }
    int files = spelling.chance(3) ? 1 + random.nextInt(2) : 0;
    for (int i = 0; i < files; i++) {
      settings.add(modelFile(i));
    }
    int shared = spelling.chance(3) ? 1 + random.nextInt(3) : 0;
    for (int i = 0; i < shared; i++) {
      settings.add("let shared" + i + spelling.equals() + weights.value());
    }
    for (int i = 0; i < shared; i++) {
      weights.share("shared" + i);
    }
    settings.replaceAll(line -> line + spelling.end());
    return settings;
  }

  private String modelFile(int number) {
    String file =
        spelling.pick(
            "\"Evt_V4_e04_ema.ckpt\"",
            "plain.safetensors",
            "hf:owner/repo@main/file.safetensors",
            "hf:\"owner/repo/my file.ckpt\"",
            "?",
            "\"\"");
    String extra =
        spelling.pick(
            "",
            "",
            " license \"CreativeML OpenRAIL-M\"",
            " sha256 \"1a2b3c4d5e\"",
            " sha256 1a2b3c4d5e");
    return "model "
        + spelling.name(spelling.pick("File", "My File ") + number)
        + spelling.equals()
        + file
        + extra;
  }

  private String definition() {
    boolean difference = spelling.chance(6);
    String name = resultName();
    String formula = formulas.formula(difference);
    List<String> parameters = formulas.parameters();
    StringBuilder clauses = new StringBuilder();
    String behind = "";
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      String value = weights.value();
      if (i == 0 && parameters.size() == 1 && spelling.chance(5)) {
        behind = ", " + parameter + spelling.pick(" = ", "=", ": ") + value;
      } else {
        clauses.append("\n").append(remark());
        clauses.append(spelling.chance(20) ? "" : spelling.indent());
        clauses.append(parameter).append(spelling.pick(" = ", "=", ": ", " =")).append(value);
        clauses.append(spelling.end());
      }
    }
    String written = spelling.name(name);
    boolean right = spelling.chance(3);
    String line =
        right && behind.isEmpty()
            ? formula + (spelling.chance(2) ? spelling.arrow() : spelling.equals()) + written
            : written + spelling.equals() + formula + behind;
    if (spelling.chance(25)) {
      line += " allow sum";
    }
    String bullet = spelling.chance(12) ? spelling.pick("• ", "* ", "▪ ") : "";
    if (difference) {
      formulas.defineDifference(name);
    } else {
      formulas.defineModel(name);
    }
    results.add(name);
    String allowed = spelling.chance(25) ? "\n    allow sum" : "";
    return bullet + line + spelling.end() + clauses + allowed;
  }

  /** A comment or an empty line between a definition and its clauses. */
  private String remark() {
    return spelling.chance(12) ? spelling.pick("\n", "    # on the blocks\n", "// far left\n") : "";
  }

  private String resultName() {
    int number = results.size();
    return spelling.pick("TEMP", "R", "BlessingMix V", "結果", "Mix-", "result_", "x") + number;
  }

  private List<String> requests() {
    List<String> requests = new ArrayList<>();
    int saves = random.nextInt(3);
    for (int i = 0; i < saves; i++) {
      StringBuilder save = new StringBuilder("save " + spelling.name(spelling.pick(results)));
      if (spelling.chance(2)) {
        save.append(" as ").append(spelling.quoted("out" + i + ".safetensors"));
      }
      save.append(spelling.pick("", " f16", " bf16", " f32", " f64", " as source", ", f16"));
      save.append(spelling.chance(8) ? " unet" : "");
      save.append(spelling.chance(8) ? " shards 5GB" : "");
      save.append(spelling.chance(10) ? " as difference" : "");
      if (spelling.chance(4)) {
        save.append(" vae: ");
        save.append(spelling.pick("none", "f32", "OpenBra", "\"x.vae.pt\"", "OpenBra as f32"));
      }
      save.append(spelling.chance(8) ? spelling.pick(" unet: f16", ", clip: f32") : "");
      requests.add(save.toString());
    }
    while (spelling.chance(4)) {
      StringBuilder compare = new StringBuilder("compare " + spelling.name(spelling.pick(results)));
      compare.append(" with ").append(formulas.modelName().replaceAll(" ?\\[.*", ""));
      if (spelling.chance(2)) {
        compare.append(" on ").append(weights.selector());
        compare.append(spelling.chance(3) ? ", " + weights.selector() : "");
      }
      requests.add(compare.toString());
    }
    while (spelling.chance(4)) {
      requests.add(expectation());
    }
    requests.replaceAll(line -> line + spelling.end());
    return requests;
  }

  private String expectation() {
    StringBuilder text = new StringBuilder(spelling.pick("expect ", "require "));
    boolean relative = spelling.chance(4);
    text.append(spelling.pick("cosine", "distance", relative ? "relative_cosine" : "norm_ratio"));
    text.append("(").append(spelling.name(spelling.pick(results))).append(", ");
    text.append(formulas.modelName().replaceAll(" ?\\[.*", ""));
    if (spelling.chance(2)) {
      text.append(", ").append(weights.selector());
      text.append(spelling.pick("", " VAE", ", \"*attn1*\""));
    }
    text.append(")");
    if (relative) {
      text.append(" relative to ").append(formulas.modelName().replaceAll(" ?\\[.*", ""));
    }
    text.append(spelling.pick(" >= ", ">", " <= ", " < ", " \u2265 ", "\u2264"));
    return text.append(spelling.pick("98.5%", ".5", "0.01", "-0.2", "99 %")).toString();
  }
}
