package bmr.interchange.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.cli.ForeignTools;
import bmr.diagnostic.ProblemException;
import bmr.interchange.Imported;
import bmr.interchange.Importer;
import bmr.model.Architecture;
import bmr.recipe.Recipe;
import bmr.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What other tools would make of exported recipes is what the recipes say. */
class ExportTest {
  private static final List<String> FILES = List.of("A", "B", "C", "D", "E");
  private static final List<String> PUBLIC =
      List.of(
          "OpenBra",
          "OpenBra1.1",
          "dreamshaper_6NoVae",
          "dreamshaper_5PrunedNoVaeTrain",
          "diamondcoalmix_diamondcoalv2pruned",
          "Evt_V4_e04_ema",
          "sxd_10Pruned",
          "epicrealism_newAge",
          "epicrealism_newEra",
          "v1-5-pruned-emaonly",
          "BracingEvoMix_v1");
  private static final List<String> KEYS = keys(12, "cond_stage_model.transformer.");
  private static final List<String> KEYS_XL = keysXl();
  private static final String LIST =
      "(0.2,0.2,0,0,0,0,0,0,0,0,0,0,0,0.5,0,0,0,0,0,0,0,0,0,0,0,0.15)";
  private static final String LATE = "(0,0.1,0,0,0,0,0,0,0,0,0,0,0,0.5,0,0,0,0,0,0,0,0,0,0,0,0.15)";

  private static List<String> keysXl() {
    List<String> keys = keys(9, "conditioner.embedders.0.transformer.");
    keys.add("conditioner.embedders.1.model.ln_final.weight");
    keys.add("model.diffusion_model.label_emb.0.0.weight");
    return keys;
  }

  private static List<String> keys(int each, String clip) {
    List<String> keys = new ArrayList<>();
    keys.add(clip + "text_model.encoder.layers.0.mlp.fc1.weight");
    keys.add("first_stage_model.encoder.down.0.block.0.conv1.weight");
    keys.add("model.diffusion_model.time_embed.2.bias");
    keys.add("model.diffusion_model.out.0.weight");
    keys.add("model.diffusion_model.middle_block.1.proj_in.weight");
    for (int i = 0; i < each; i++) {
      for (String way : List.of("input", "output")) {
        String block = "model.diffusion_model." + way + "_blocks." + i;
        keys.add(block + ".0.in_layers.0.weight");
        keys.add(block + ".1.transformer_blocks.0.attn1.to_k.weight");
        keys.add(block + ".1.transformer_blocks.0.attn2.to_k.weight");
        keys.add(block + ".1.transformer_blocks.0.ff.net.2.weight");
      }
    }
    return keys;
  }

  private static String export(String script, String model, ExportTarget target) {
    Recipe recipe = Scripts.recipe(script, FILES);
    return Exporter.export(recipe, Architecture.SD1, Scripts.model(recipe, model), target, false);
  }

  private static void check(Recipe recipe, int model, ExportTarget target, String script) {
    check(recipe, model, target, script, Architecture.SD1);
  }

  private static void check(
      Recipe recipe, int model, ExportTarget target, String script, Architecture architecture) {
    String text = Exporter.export(recipe, architecture, model, target, false);
    Optional<Recipe> again =
        switch (target) {
          case MECHA, MERGEKIT -> Optional.of(reimported(text));
          case SUPERMERGER, A1111 -> Optional.empty();
        };
    for (String key : architecture.equals(Architecture.SDXL) ? KEYS_XL : KEYS) {
      Map<String, Double> expected = Scripts.sources(recipe, model, key, architecture);
      Map<String, Double> actual =
          switch (target) {
            case MECHA -> ForeignTools.mecha(text, key).orElseThrow();
            case MERGEKIT -> ForeignTools.mergekit(text, key);
            case SUPERMERGER, A1111 -> OtherTools.steps(text, key);
          };
      var names = new TreeSet<>(expected.keySet());
      names.addAll(actual.keySet());
      Map<String, Double> back =
          again
              .map(one -> Scripts.sources(one, one.models().size() - 1, key, architecture))
              .orElse(actual);
      for (String name : names) {
        assertEquals(
            expected.getOrDefault(name, 0.0),
            actual.getOrDefault(name, 0.0),
            1e-9,
            target + " " + key + " " + name + "\n" + script + "\n" + text);
        assertEquals(
            expected.getOrDefault(name, 0.0), back.getOrDefault(name, 0.0), 1e-9, script + text);
      }
    }
  }

  /** What {@code bmr import} makes of exported text. */
  private static Recipe reimported(String text) {
    Imported imported =
        Importer.read(SourceText.of("exported", text), Optional.empty()).orElseThrow();
    assertEquals(0, imported.questions(), imported.script());
    String script = imported.script().replaceAll("(?m)^model .* = \\?$", "");
    return Scripts.recipe(script, Stream.concat(FILES.stream(), PUBLIC.stream()).toList());
  }

  private static void check(String script, ExportTarget... targets) {
    Recipe recipe = Scripts.recipe(script, FILES);
    for (ExportTarget target : targets) {
      check(recipe, recipe.models().size() - 1, target, script);
    }
  }

  @Test
  void simpleMergesGoEverywhere() {
    check("M = A x 0.7 + B x 0.3", ExportTarget.values());
    check("M = A + (B - C) x 0.08", ExportTarget.values());
    check("M = A - (B - C) x 0.08", ExportTarget.values());
    check("M = A x 0.5 + B x 0.2 + C x 0.3", ExportTarget.MECHA, ExportTarget.SUPERMERGER);
    check("T = A x 0.9 + B x 0.1\nM = T + (C - D) x 0.5", ExportTarget.values());
    check("T = A - B\nU = A\nM = U + T x 0.5 + (C - D) x 0.2", ExportTarget.SUPERMERGER);
    check("M = A", ExportTarget.values());
  }

  @Test
  void weightsPerBlockAndPart() {
    String sum = "M = A x (1-alpha) + B x alpha\n    alpha = ";
    check(sum + LIST, ExportTarget.MECHA, ExportTarget.MERGEKIT, ExportTarget.SUPERMERGER);
    check(sum + LATE, ExportTarget.MERGEKIT, ExportTarget.SUPERMERGER);
    check(
        sum + LATE + " with {VAE: 1, TIME: 0.3, HEAD: 0.4}",
        ExportTarget.MERGEKIT,
        ExportTarget.SUPERMERGER);
    check(sum + "{UNET: 0.5, CLIP: 0.25}", ExportTarget.MECHA, ExportTarget.MERGEKIT);
    check(sum + "GRAD_V with {VAE: 0}", ExportTarget.MECHA, ExportTarget.MERGEKIT);
  }

  @Test
  void overridesByElement() {
    String sum = "M = A x (1-alpha) + B x alpha\n    alpha = ";
    List.of(
            "GRAD_V with {OUT04:attn2: 0.3, IN00-IN05:NOT ff.net: 0.5, VAE: 0}",
            "0.5 with {ALL:attn: 0.1, ALL:attn2: 0.9}",
            "0.5 with {ALL:attn2: 0.9, ALL:attn: 0.1}",
            LIST + " with {OUT03-OUT06:NOT attn1.to_k.weight: 0.5, IN01 M00:ff.net attn1: 0.2}",
            "0.5 with {ALL:to_k: 0.3, OUT01:attn1: 0.2, OUT02:attn1: 0.7}")
        .forEach(weight -> check(sum + weight, ExportTarget.SUPERMERGER));
    check(
        "D = B x w - C x w\n    w = 0.5 with {OUT01:attn1: 0.1}\n"
            + "M = A + D x v\n    v = 2 with {OUT02:to_k: 0.3, IN04:ff: 1}",
        ExportTarget.SUPERMERGER);
    // here attn1 and to_k together are 0.03, and neither of them is
    refused(
        "BMR0803",
        "D = B x w - C x w\n    w = 0.5 with {IN04:attn1: 0.1}\n"
            + "M = A + D x v\n    v = 2 with {IN04:to_k: 0.3}",
        ExportTarget.SUPERMERGER);
    for (ExportTarget target : List.of(ExportTarget.MECHA, ExportTarget.MERGEKIT)) {
      refused("BMR0803", sum + "0.5 with {OUT04:attn2: 0.3}", target);
    }
  }

  @Test
  void sdxl() {
    String list = "(0,0.5,0.5,0.4,0.4,0.3,0.3,0.2,0.2,0.1,0.1,0.1,0.2,0.2,0.3,0.3,0.4,0.4,0.5,0.5)";
    String sum = "M = A x (1-alpha) + B x alpha\n    alpha = ";
    for (String weight :
        List.of(
            list, list + " with {VAE: 1}", "{CLIPL: 1, CLIPG: 0.5}", LIST, "{VAE: 0, else 1}")) {
      String script = sum + weight + "\nN = M + (C - D) x 0.3";
      Recipe recipe = Scripts.recipe(script, FILES);
      for (ExportTarget target :
          List.of(ExportTarget.MECHA, ExportTarget.MERGEKIT, ExportTarget.SUPERMERGER)) {
        check(recipe, 1, target, script, Architecture.SDXL);
      }
    }
    Recipe plain = Scripts.recipe("M = A x 0.5 + B x 0.2 + C x 0.3", FILES);
    Golden.check(
        "interchange/export/sdxl.golden",
        Exporter.export(
            Scripts.recipe(sum + list + " with {CLIPG: 0.5}", FILES),
            Architecture.SDXL,
            0,
            ExportTarget.SUPERMERGER,
            false));
    check(plain, 0, ExportTarget.MECHA, "", Architecture.SDXL);
    Recipe early =
        Scripts.recipe("block_map \"supermerger-2023-06\"\n" + sum + "{IN00: 1, else 0.5}", FILES);
    var refusal =
        assertThrows(
            ProblemException.class,
            () -> Exporter.export(early, Architecture.SDXL, 0, ExportTarget.SUPERMERGER, false));
    assertEquals("BMR0807", refusal.diagnostics().getFirst().problem().code());
  }

  @Test
  void blessingMix() throws IOException {
    String script = Files.readString(Path.of("examples/blessing-mix.bmr"));
    Recipe recipe = Scripts.recipe(script, PUBLIC);
    int model = Scripts.model(recipe, "BlessingMix V1");
    check(recipe, model, ExportTarget.SUPERMERGER, "");
    check(recipe, model, ExportTarget.MERGEKIT, "");
    check(recipe, model, ExportTarget.MECHA, "");
  }

  @Test
  @Tag("slow")
  void randomRecipes() {
    long seed = 20230630;
    var random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      String script = script(random);
      try {
        check(script, ExportTarget.MECHA, ExportTarget.MERGEKIT, ExportTarget.SUPERMERGER);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round + "\n" + script, e);
      }
    }
  }

  private static String script(Random random) {
    List<String> models = new ArrayList<>(FILES);
    List<String> differences = new ArrayList<>(List.of("(A - B)"));
    var script = new StringBuilder();
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String left = models.get(random.nextInt(models.size()));
      String right = models.get(random.nextInt(models.size()));
      String third = models.get(random.nextInt(models.size()));
      if (random.nextInt(4) == 0 && i < count - 1) {
        script.append("X" + i + " = " + left + " - " + right + "\n");
        differences.add("X" + i);
        continue;
      }
      String difference = differences.get(random.nextInt(differences.size()));
      boolean list = random.nextBoolean();
      String alpha = list ? "alpha" : number(random);
      String formula =
          switch (random.nextInt(3)) {
            case 0 -> left + " x (1-" + alpha + ") + " + right + " x " + alpha;
            case 1 -> left + " + " + difference + " x " + alpha;
            default ->
                left
                    + " x (1-"
                    + alpha
                    + "-0.25) + "
                    + right
                    + " x "
                    + alpha
                    + " + "
                    + third
                    + " x 0.25";
          };
      script.append("M" + i + " = " + formula + "\n");
      if (list) {
        script
            .append("    alpha = (")
            .append(
                IntStream.range(0, 26)
                    .mapToObj(_ -> number(random))
                    .collect(Collectors.joining(",")))
            .append(random.nextBoolean() ? ") with {VAE: 0, TIME: 0.5}\n" : ")\n");
      }
      models.add("M" + i);
    }
    return script.toString();
  }

  private static String number(Random random) {
    return String.valueOf(random.nextInt(5) == 0 ? 0 : random.nextInt(100) / 100.0);
  }

  /** The lines that scripts have for the steps are a script that means the same. */
  @Test
  void theStepsAreAScript() {
    String script =
        "T = A x 0.9 + B x 0.1 + D x 0\nU = T + (C - B) x 0.2 + (E - D) x alpha\n    alpha = "
            + LATE
            + " with {VAE: 1}\nM = U x 0.5 + A x 0.25 + B x 0.25";
    String text = export(script, "M", ExportTarget.SUPERMERGER);
    String lines =
        text.lines()
            .filter(line -> line.matches("   +\\S+ = .*"))
            .map(line -> line.substring(3) + "\n")
            .collect(Collectors.joining());
    Recipe again = Scripts.recipe(lines, FILES);
    Recipe recipe = Scripts.recipe(script, FILES);
    for (String key : KEYS) {
      Map<String, Double> expected =
          Scripts.sources(recipe, Scripts.model(recipe, "M"), key, Architecture.SD1);
      Map<String, Double> actual =
          Scripts.sources(again, Scripts.model(again, "M"), key, Architecture.SD1);
      for (String name : FILES) {
        assertEquals(expected.getOrDefault(name, 0.0), actual.getOrDefault(name, 0.0), 1e-9, text);
      }
    }
  }

  @Test
  void texts() {
    String script =
        "T = A + (B - C) x 0.08\nM = T x (1-alpha) + D x alpha\n    alpha = "
            + LIST
            + "\nN = T x 0.7 + E x 0.3";
    String all =
        export(script, "M", ExportTarget.SUPERMERGER)
            + "=====\n"
            + export(script, "M", ExportTarget.MECHA)
            + "\n=====\n"
            + export(script, "M", ExportTarget.MERGEKIT)
            + "=====\n"
            + export(script, "N", ExportTarget.A1111);
    Golden.check("interchange/export/texts.golden", all);
    Recipe recipe = Scripts.recipe(script, FILES);
    Golden.check(
        "interchange/export/markdown.golden",
        Exporter.export(recipe, Architecture.SD1, 1, ExportTarget.SUPERMERGER, true));
  }

  @Test
  void refusals() {
    refused("BMR0801", "M = slerp(A, B, 0.5)", ExportTarget.MECHA);
    String sum = "M = A x (1-alpha) + B x alpha\n    alpha = ";
    refused("BMR0802", sum + LIST, ExportTarget.A1111);
    refused("BMR0804", "M = A - B", ExportTarget.MERGEKIT);
    refused("BMR0805", "precision stepwise\nM = A x 0.5 + B x 0.5", ExportTarget.MECHA);
    refused("BMR0806", "M = A x 0.5 + B x 0.5\nsave M vae: A", ExportTarget.MECHA);
    refused(
        "BMR0807", "block_map \"model-mixer\"\nM = A x 0.5 + B x 0.5", ExportTarget.SUPERMERGER);
    refused("BMR0810", sum + LATE + " with {HEAD: 0.4}", ExportTarget.MECHA);
    refused("BMR0801", "M = A | B", ExportTarget.MECHA);
    refused("BMR0811", "M = A x (-0.5) + B x 1.5", ExportTarget.A1111);
    Recipe recipe = Scripts.recipe("M = A x 0.5 + B x 0.5", FILES);
    var flux =
        assertThrows(
            ProblemException.class,
            () -> Exporter.export(recipe, Architecture.FLUX, 0, ExportTarget.MECHA, false));
    assertEquals("BMR0808", flux.diagnostics().getFirst().problem().code());
    Recipe odd = Scripts.recipe("M = \"A=1\" x 0.5 + B x 0.5", List.of("A=1", "B"));
    var name =
        assertThrows(
            ProblemException.class,
            () -> Exporter.export(odd, Architecture.SD1, 0, ExportTarget.MECHA, false));
    assertEquals("BMR0809", name.diagnostics().getFirst().problem().code());
  }

  private static void refused(String code, String script, ExportTarget target) {
    var refusal = assertThrows(ProblemException.class, () -> export(script, "M", target), script);
    assertEquals(code, refusal.diagnostics().getFirst().problem().code());
    assertTrue(!refusal.diagnostics().getFirst().problem().message().isEmpty());
  }
}
