package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.cli.ForeignTools.NotLinear;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recipes of sd-mecha and mergekit, imported and planned, against what the tools do with them. */
class ForeignRecipesTest {
  private static final double TOLERANCE = 1e-9;
  private static final String UNET = "model.diffusion_model.";

  /** A key for each block and part, with the name that a plan has for it and the block around. */
  private static final Map<String, String> KEYS = keys(12);

  private static final Map<String, String> KEYS_XL = keys(9);

  @TempDir private Path folder;

  private static Map<String, String> keys(int each) {
    boolean xl = each == 9;
    Map<String, String> keys = new TreeMap<>();
    keys.put(
        (xl ? "conditioner.embedders.0.transformer." : "cond_stage_model.transformer.")
            + "text_model.encoder.layers.0.mlp.fc1.weight",
        (xl ? "CLIPL" : "CLIP") + " BASE");
    for (int i = 0; i < each; i++) {
      keys.put(UNET + "input_blocks." + i + ".0.x.weight", String.format("IN%02d", i));
      keys.put(UNET + "output_blocks." + i + ".0.x.weight", String.format("OUT%02d", i));
    }
    keys.put(UNET + "middle_block.1.attn1.to_q.weight", "M00");
    keys.put(UNET + "time_embed.0.weight", "TIME IN00");
    keys.put(UNET + "out.2.weight", "HEAD OUT" + (xl ? "08" : "11"));
    keys.put("first_stage_model.decoder.conv_in.weight", "VAE BASE");
    if (xl) {
      keys.put(UNET + "label_emb.0.0.weight", "LABEL IN00");
      keys.put("conditioner.embedders.1.model.ln_final.weight", "CLIPG BASE");
    }
    return keys;
  }

  @TestFactory
  Stream<DynamicTest> sharedRecipes() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String kind : List.of("mecha", "mergekit")) {
      try (var files = Files.list(SharedData.require("data/recipes/" + kind))) {
        files
            .filter(file -> file.toString().matches(".*\\.(mecha|yml)"))
            .sorted()
            .forEach(file ->
                tests.add(
                    DynamicTest.dynamicTest(
                        kind + "/" + file.getFileName(),
                        () -> check(Files.readString(file), kind.equals("mecha"), KEYS))));
      }
    }
    return tests.stream();
  }

  private void check(String text, boolean mecha, Map<String, String> keys) throws IOException {
    BiFunction<String, String, Map<String, Double>> tool =
        mecha
            ? (recipe, key) -> ForeignTools.mecha(recipe, key).orElseThrow()
            : ForeignTools::mergekit;
    Path published = folder.resolve(mecha ? "recipe.mecha" : "recipe.yml");
    Path script = folder.resolve("recipe.bmr");
    Files.writeString(published, text);
    CommandRun imported =
        CommandRun.in(
            folder, "import", published.toString(), "-o", script.toString(), "--overwrite");
    assertEquals(ExitStatus.DONE, imported.status(), text + imported.err());
    String shown = text + "\n" + Files.readString(script) + "\n" + imported.err();
    Map<String, Map<String, Double>> meant = new TreeMap<>();
    try {
      keys.keySet().forEach(key -> meant.put(key, tool.apply(text, key)));
    } catch (NotLinear e) {
      assertTrue(imported.err().contains("warning[BMR0701]"), "no question: " + shown);
      return;
    }
    assertFalse(imported.err().contains("warning"), "a question: " + shown);
    CommandRun plan = CommandRun.in(folder, "plan", script.toString(), "--json");
    assertEquals(ExitStatus.DONE, plan.status(), shown + plan.err());
    JsonObject result =
        JsonParser.parseString(plan.out())
            .getAsJsonObject()
            .getAsJsonArray("definitions")
            .asList()
            .getLast()
            .getAsJsonObject();
    meant.forEach((key, left) -> {
      Map<String, Double> right = coefficients(result, key, keys.get(key).split(" "));
      var models = new TreeSet<>(left.keySet());
      models.addAll(right.keySet());
      for (String model : models) {
        assertEquals(
            left.getOrDefault(model, 0.0),
            right.getOrDefault(model, 0.0),
            TOLERANCE,
            () -> key + ", " + model + "\n" + left + "\n" + right + "\n" + shown);
      }
    });
  }

  private static Map<String, Double> coefficients(
      JsonObject definition, String key, String[] places) {
    for (JsonElement element : definition.getAsJsonArray("elements")) {
      JsonObject rule = element.getAsJsonObject();
      boolean here = List.of(places).contains(rule.get("block").getAsString());
      boolean all =
          rule.getAsJsonArray("having").asList().stream()
              .allMatch(piece -> key.contains(piece.getAsString()));
      if (here && all) {
        return numbers(rule.getAsJsonObject("coefficients"));
      }
    }
    JsonObject blocks = definition.getAsJsonObject("blocks");
    for (String place : places) {
      if (blocks.has(place)) {
        return numbers(blocks.getAsJsonObject(place));
      }
    }
    throw new AssertionError(key);
  }

  private static Map<String, Double> numbers(JsonObject coefficients) {
    return coefficients.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, term -> term.getValue().getAsDouble()));
  }

  private static final String MODELS =
      """
      version 0.1.0
      model "x/A.safetensors" model_config="sd1-ldm" merge_space="weight"
      model "B.safetensors" model_config="sd1-ldm" merge_space="weight"
      model "C.safetensors" model_config="sd1-ldm" merge_space="weight"
      merge "subtract" &1 &2
      """;

  private static String blocks(int each, String vae, Random random) {
    var line = new StringBuilder("dict BASE=" + number(random));
    for (int i = 0; i < each; i++) {
      line.append(String.format(" IN%02d=%s", i, number(random)));
    }
    line.append(" M00=" + number(random));
    for (int i = 0; i < each; i++) {
      line.append(String.format(" OUT%02d=%s", i, number(random)));
    }
    return line + vae + "\n";
  }

  private static String number(Random random) {
    return String.valueOf(random.nextInt(5) == 0 ? 0.0 : (random.nextInt(300) - 100) / 100.0);
  }

  static List<String> mechaCases() {
    var random = new Random(7);
    return List.of(
        MODELS + "merge \"weighted_sum\" &0 &1",
        MODELS + "merge \"add_difference\" &0 &3 alpha=-0.25\nmerge \"fallback\" &4 &0",
        MODELS + "merge \"n_average\" &0 &1 &2\nmerge \"cast\" &4 null \"float16\"",
        MODELS + "merge \"scale\" &3 0.5\nmerge \"add_difference\" &0 &4",
        MODELS
            + "dict key=0.08\nliteral &4 model_config=\"singleton-mecha\" merge_space=\"param\"\n"
            + "merge \"convert_singleton\" &5\nmerge \"add_difference\" &0 &3 &6\n"
            + "merge \"weighted_sum\" &7 &1 1e-2\nmerge \"fallback\" &8 &0",
        MODELS
            + blocks(12, "", random)
            + "literal &4 model_config=\"sd1-supermerger_blocks\" merge_space=\"param\"\n"
            + "merge \"convert_sd1_blocks_to_ldm\" &5\n"
            + "merge \"weighted_sum\" &0 &1 &6\nmerge \"add_difference\" &7 &3 alpha=&5",
        MODELS + "merge \"pick_component\" &0 \"vae\"\nmerge \"fallback\" &4 &1",
        MODELS + "merge \"omit_component\" &0 \"clip_l\"\nmerge \"fallback\" &4 &1",
        MODELS
            + "merge \"weighted_sum\" &0 &2 0.3\nmerge \"pick_component\" &4 \"diffuser\"\n"
            + "merge \"fallback\" &5 &1\nmerge \"weighted_sum\" &6 &4");
  }

  @ParameterizedTest
  @MethodSource("mechaCases")
  void mecha(String text) throws IOException {
    check(text, true, KEYS);
  }

  @Test
  void mechaOfSdxl() throws IOException {
    String text =
        MODELS.replace("sd1-ldm", "sdxl-sgm")
            + blocks(9, " VAE=0.125", new Random(3))
            + "literal &4 model_config=\"sdxl-supermerger_blocks\" merge_space=\"param\"\n"
            + "merge \"weighted_sum\" &0 &1 alpha=&5\n"
            + "merge \"pick_component\" &2 \"clip_g\"\nmerge \"fallback\" &7 &6";
    check(text, true, KEYS_XL);
  }

  @Test
  void mechaThatIsNotClear() throws IOException {
    asks(
        "parameter \"a\" \"BASE\"\nparameter \"d\" \"BASE\"\ncall \"subtract\" &1 &0\n"
            + "call \"add_difference\" &0 &2",
        "recipe.mecha",
        "0.5 in some versions and 1 in others");
    asks(
        MODELS + "dict BASE=1 IN00=0.5\nmerge \"weighted_sum\" &0 &1 alpha=&4",
        "recipe.mecha",
        "blocks are missing");
    asks(
        "version 0.1.0\nmodel \"A\"\nmodel \"L\" merge_space=\"delta\"\n"
            + "merge \"add_difference\" &0 &1",
        "recipe.mecha",
        "file of differences");
    asks(MODELS + "merge \"geometric_sum\" &0 &1", "recipe.mecha", "`geometric_sum`");
  }

  private void asks(String text, String file, String what) throws IOException {
    Path published = folder.resolve(file);
    Files.writeString(published, text);
    CommandRun imported = CommandRun.in(folder, "import", published.toString());
    assertTrue(imported.err().contains("warning[BMR0701]"), imported.err());
    assertTrue(imported.err().contains(what), imported.err());
  }

  private static final String LINEAR =
      "models:\n  - {model: x/A.safetensors, parameters: {weight: 0.2}}\n"
          + "  - model: B\n    parameters:\n      weight:\n";

  static List<String> mergekitCases() {
    String task = "merge_method: task_arithmetic\nbase_model: base\nmodels:\n  - model: base\n";
    String tail = "merge_method: linear\n";
    return List.of(
        "models: [{model: A}, {model: B}]\nmerge_method: linear\nparameters: {weight: 2}",
        LINEAR + "        - {filter: mlp, value: 0.5}\n        - value: -1\n" + tail,
        LINEAR
            + "        - {filter: 'model.diffusion_model.input_blocks.1', value: 0.5}\n"
            + "        - {filter: first_stage_model, value: 0.7}\n"
            + "        - {filter: time_embed., value: 0.25}\n"
            + "        - {filter: diffusion_model, value: 0.3}\n        - value: 0\n"
            + tail,
        LINEAR + "        - {filter: output_blocks, value: 0.8}\n        - {value: 0.1}\n" + tail,
        LINEAR
            + "        - {filter: attn1, value: 0.5}\n"
            + tail
            + "parameters: {weight: 0.4, normalize: true}",
        LINEAR
            + "        - {filter: mlp.fc1, value: 0.5}\n        - {filter: mlp, value: 0.9}\n"
            + "        - {filter: '*', value: 0.8}\n"
            + tail
            + "parameters: {normalize: false}",
        "models: [{model: A, parameters: {weight: 0.3}}, {model: B, parameters: {weight: 0.5}}]\n"
            + tail
            + "parameters: {normalize: false}",
        task
            + "  - {model: A, parameters: {weight: 0.7}}\n"
            + "  - {model: B, parameters: {weight: -0.2}}\n"
            + "parameters: {lambda: 0.5}",
        task
            + "  - {model: A, parameters: {weight: 0.7}}\n"
            + "  - {model: B, parameters: {weight: 0.2}}\n"
            + "parameters: {normalize: true, lambda: 1.5}",
        task
            + "  - model: A\n    parameters:\n      weight:\n"
            + "        - {filter: input_blocks.4., value: 1}\n"
            + "        - {filter: cond_stage_model, value: 0.3}\n        - value: 0.5\n");
  }

  @ParameterizedTest
  @MethodSource("mergekitCases")
  void mergekit(String text) throws IOException {
    check(text, false, KEYS);
  }

  @Test
  void mergekitThatIsNotClear() throws IOException {
    String two = "models: [{model: A, parameters: {weight: 1}}, {model: B, parameters: ";
    asks(two + "{weight: [0, 1]}}]\nmerge_method: linear", "m.yml", "layer to layer");
    asks(
        two + "{weight: 1}}]\nmerge_method: linear\nbase_model: C",
        "m.yml",
        "not among the models");
    asks(
        "models: [{model: A, parameters: {weight: 1}}, {model: A, parameters: {weight: 2}}]\n"
            + "merge_method: linear",
        "m.yml",
        "listed twice");
    asks(two + "{weight: 1}}]\nmerge_method: dare_ties\nbase_model: C", "m.yml", "`dare_ties`");
    asks(two + "{weight: 1}}]\nmerge_method: slerp\nbase_model: A", "m.yml", "slerp");
    asks(
        "slices: [{sources: [{model: A, layer_range: [0, 3]}]}, {sources: [{model: B, layer_range:"
            + " [2, 9]}]}]\nmerge_method: passthrough",
        "m.yml",
        "stacked");
  }

  /** Graphs of up to eight merges. */
  @Test
  @Tag("slow")
  void randomMecha() throws IOException {
    long seed = 41;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      var text = new StringBuilder(MODELS);
      List<Integer> models = new ArrayList<>(List.of(0, 1, 2));
      List<Integer> differences = new ArrayList<>(List.of(3));
      int node = 4;
      for (int step = random.nextInt(8); step >= 0; step--) {
        String a = "&" + models.get(random.nextInt(models.size()));
        String b = "&" + models.get(random.nextInt(models.size()));
        String d = "&" + differences.get(random.nextInt(differences.size()));
        String alpha = number(random);
        if (random.nextBoolean()) {
          text.append(blocks(12, "", random));
          text.append("literal &" + node + " model_config=\"sd1-supermerger_blocks\"\n");
          alpha = "&" + (node + 1);
          node += 2;
        }
        boolean difference = step > 0 && random.nextInt(4) == 0;
        text.append(
            difference
                ? "merge \"subtract\" " + a + " " + b + "\n"
                : switch (random.nextInt(4)) {
                  case 0 -> "merge \"n_average\" " + a + " " + b + "\n";
                  case 1 -> "merge \"add_difference\" " + a + " " + d + " " + alpha + "\n";
                  case 2 -> "merge \"fallback\" " + a + " " + b + "\n";
                  default -> "merge \"weighted_sum\" " + a + " " + b + " alpha=" + alpha + "\n";
                });
        (difference ? differences : models).add(node++);
      }
      check(text.toString(), true, KEYS);
    }
  }
}
