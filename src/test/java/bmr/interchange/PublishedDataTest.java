package bmr.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.SharedData;
import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.Parser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedDataTest {
  private static final Path OWN = Path.of("src/test/resources/bmr/interchange/data");

  private static final List<String> CASES =
      List.of(
          "blocks.mecha,MECHA",
          "historic.mecha,MECHA",
          "linear.yml,MERGEKIT",
          "task.yml,MERGEKIT",
          "slerp.yml,MERGEKIT",
          "mergehistory.csv,HISTORY",
          "plan.txt,SCRIPTER");

  static List<String> cases() {
    return CASES;
  }

  private static SourceText text(Path file) throws IOException {
    return SourceText.of(file.getFileName().toString(), Files.readString(file));
  }

  private static String bound(String script) {
    return script.replace(" = ?", " = \"x.safetensors\"");
  }

  private static void parses(String script) {
    var parsed = Parser.parse(SourceText.of("post.bmr", bound(script)));
    assertTrue(parsed.diagnostics().isEmpty(), () -> parsed.diagnostics() + "\n" + script);
  }

  private static String said(Imported imported) {
    StringBuilder text = new StringBuilder(imported.script());
    text.append("---\nquestions: ").append(imported.questions()).append('\n');
    imported.findings().forEach(finding -> text.append(finding.problem().message()).append('\n'));
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ownCases(String row) throws IOException {
    String name = row.split(",")[0];
    PublishedForm form = PublishedForm.valueOf(row.split(",")[1]);
    SourceText text = text(OWN.resolve(name));
    Imported imported = Importer.read(text, Optional.empty()).orElseThrow();
    Golden.check("interchange/data/" + name + ".golden", said(imported));
    parses(imported.script());
    assertEquals(imported.script(), Importer.read(text, Optional.of(form)).orElseThrow().script());
  }

  @Test
  void sharedMechaRecipesParse() throws IOException {
    for (Path file : shared("data/recipes/mecha", ".mecha")) {
      SourceText text = text(file);
      assertTrue(MechaReader.recognises(text), file::toString);
      Imported imported = Importer.read(text, Optional.empty()).orElseThrow();
      parses(imported.script());
    }
  }

  @Test
  void sharedMergekitConfigurationsParse() throws IOException {
    for (Path file : shared("data/recipes/mergekit", ".yml")) {
      SourceText text = text(file);
      assertTrue(MergekitReader.recognises(text), file::toString);
      Imported imported = Importer.read(text, Optional.empty()).orElseThrow();
      parses(imported.script());
      boolean linear = file.toString().endsWith("linear.yml");
      assertEquals(linear ? 0 : 1, imported.questions(), file::toString);
    }
  }

  private static Imported metadata(SortedMap<String, String> metadata) {
    assertTrue(MetadataReader.recognises(metadata));
    var draft = new ScriptDraft();
    MetadataReader.read(metadata, new Span(SourceText.of("x.safetensors", ""), 0, 0), draft);
    return draft.finish();
  }

  @Test
  void metadataOfWebUis() {
    String a = "a".repeat(64);
    String b = "b".repeat(64);
    String c = "c".repeat(64);
    String models =
        "{'A':{'name':'A.safetensors'},'B':{'name':'x/B.safetensors','sd_merge_recipe':null},"
            + "'C':{'name':'C.safetensors','sd_merge_recipe':{'type':'webui','interp_method':"
            + "'Add difference','multiplier':0.30,'primary_model_hash':'A',"
            + "'secondary_model_hash':'B','tertiary_model_hash':'A','bake_in_vae':'None'}}}";
    models =
        models
            .replace("'A'", "'" + a + "'")
            .replace("'B'", "'" + b + "'")
            .replace("'C'", "'" + c + "'")
            .replace('\'', '"');
    var metadata = new TreeMap<String, String>();
    metadata.put("sd_merge_models", new com.google.gson.JsonPrimitive(models).toString());
    metadata.put(
        "sd_merge_recipe",
        ("{'type':'sd-webui-supermerger','weights_alpha':["
                + "0.5,".repeat(24)
                + "1],'model_a':'"
                + c
                + "','model_b':'"
                + b
                + "','base_alpha':0.25,'mode':'Weight sum','mbw':true,'calcmode':'normal'}")
            .replace('\'', '"'));
    Imported imported = metadata(metadata);
    parses(imported.script());
    Golden.check("interchange/data/metadata.golden", said(imported));
  }

  @Test
  void ownRecipeOfMetadataIsVerbatim() {
    var metadata = new TreeMap<String, String>();
    metadata.put("bmr.recipe", "save A x 0.5 + B x 0.5");
    assertEquals("save A x 0.5 + B x 0.5\n", metadata(metadata).script());
  }

  @Test
  void mutantsOfOwnCasesAreReadWithoutAnException() throws IOException {
    long seed = 20;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    String signs = "&\"\\n =:,+-{}[]#'0a\uFEFF\r*|>!%";
    for (String name : CASES) {
      String original = text(OWN.resolve(name.split(",")[0])).text();
      PublishedForm form = PublishedForm.valueOf(name.split(",")[1]);
      for (int round = 0; round < 150; round++) {
        StringBuilder mutant = new StringBuilder(original);
        for (int change = random.nextInt(6); change >= 0 && mutant.length() > 20; change--) {
          int at = random.nextInt(mutant.length() - 10);
          switch (random.nextInt(3)) {
            case 0 -> mutant.setCharAt(at, signs.charAt(random.nextInt(signs.length())));
            case 1 -> mutant.delete(at, at + random.nextInt(10));
            default -> mutant.insert(at, mutant.substring(at, at + random.nextInt(10)));
          }
        }
        SourceText text = SourceText.of("x", mutant.toString());
        Importer.read(text, Optional.of(form)).ifPresent(imported -> parses(imported.script()));
        Importer.read(text, Optional.empty());
      }
    }
  }

  @Test
  void mutantsOfMetadataAreReadWithoutAnException() {
    var random = new Random(21);
    String recipe =
        "{\"type\":\"webui\",\"interp_method\":\"Add difference\",\"multiplier\":0.3,"
            + "\"model_a\":\"A\",\"model_b\":\"B\",\"model_c\":\"C\",\"weights_alpha\":[1,2]}";
    for (int round = 0; round < 300; round++) {
      StringBuilder mutant = new StringBuilder(recipe);
      for (int change = random.nextInt(3); change >= 0; change--) {
        mutant.setCharAt(random.nextInt(mutant.length()), "{}[],:\"1a ".charAt(random.nextInt(10)));
      }
      var metadata = new TreeMap<String, String>();
      metadata.put("sd_merge_recipe", mutant.toString());
      metadata.put("sd_merge_models", mutant.toString());
      MetadataReader.recognises(metadata);
      var draft = new ScriptDraft();
      MetadataReader.read(metadata, new Span(SourceText.of("x", ""), 0, 0), draft);
      parses(draft.finish().script());
    }
  }

  @Test
  void nestedInputEndsEarly() {
    String deep = "[".repeat(100_000);
    SourceText yaml = SourceText.of("x", "merge_method: linear\nmodels: " + deep);
    assertTrue(Importer.read(yaml, Optional.empty()).isPresent());
    assertTrue(JsonText.object(deep).isEmpty());
  }

  /** The shares of mergekit's own example, by hand: 1.0, 0.3 and 0.5 divided by 1.8. */
  @Test
  void sharesOfTheLinearConfigurationAreThoseOfMergekit() throws IOException {
    Path file = SharedData.require("data/recipes/mergekit/linear.yml");
    String script = Importer.read(text(file), Optional.empty()).orElseThrow().script();
    var share = Pattern.compile("(\\S+) x ([0-9.]+)").matcher(script);
    var shares = new TreeMap<String, BigDecimal>();
    while (share.find()) {
      shares.put(share.group(1), new BigDecimal(share.group(2)));
    }
    assertEquals(3, shares.size(), script);
    assertEquals(
        BigDecimal.ONE,
        shares.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add).stripTrailingZeros());
    assertEquals(1.0 / 1.8, shares.get("orca_mini_v3_13b").doubleValue());
    assertEquals(0.3 / 1.8, shares.get("WizardLM-13B-V1.2").doubleValue(), 1e-16);
    assertEquals(0.5 / 1.8, shares.get("Platypus2-13B").doubleValue(), 1e-16);
  }

  private static List<Path> shared(String folder, String ending) throws IOException {
    try (var files = Files.list(SharedData.require(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
