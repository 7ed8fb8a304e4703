package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.HEAD;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.VAE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.engine.Limits;
import bmr.provenance.MetadataLevel;
import bmr.recipe.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts refer to: other scripts, files by hash, the hub's cache. */
class ReferencesTest {
  @TempDir private Path folder;

  private void write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private Workspace open(String name, Path... models) {
    return Workspace.open(
        new Workspace.Request(
            Optional.of(folder.resolve(name)),
            Optional.empty(),
            List.of(models),
            new LinkedHashMap<>(),
            Wanted.AS_WRITTEN));
  }

  private static List<String> codes(Workspace workspace) {
    return workspace.diagnostics().stream().map(one -> one.problem().code()).toList();
  }

  private static String message(Workspace workspace) {
    return workspace.diagnostics().stream()
        .map(Diagnostic::problem)
        .map(problem -> problem.message() + problem.hint().map(hint -> "; " + hint).orElse(""))
        .findFirst()
        .orElse("");
  }

  @Test
  void anIncludedScriptBringsItsDefinitionsAndFolders() throws IOException {
    Files.createDirectories(folder.resolve("lib/files"));
    TinyModel.sd1("A").write(folder.resolve("lib/files"));
    TinyModel.sd1("B").write(folder.resolve("lib/files"));
    write(
        "lib/base.bmr",
        "models \"files\"  # beside this script",
        "let w = 0.25",
        "Half = A x 0.5 + B x 0.5",
        "Other = A x 0.9 + B x 0.1",
        "save Other",
        "include \"deeper/more.bmr\"");
    write("lib/deeper/more.bmr", "Deep = A x 0.1 + B x 0.9");
    write(
        "main.bmr",
        "include \"lib/base.bmr\"",
        "include \"lib/deeper/more.bmr\"  # a second time changes nothing",
        "R = Half x (1 - w) + Deep x w",
        "save R f64");
    try (Workspace workspace = open("main.bmr")) {
      assertEquals(List.of(), codes(workspace));
      assertEquals(1, workspace.outputs().size());
      Workspace.Output output = workspace.outputs().getFirst();
      String recipe =
          workspace
              .metadata(output, workspace.plan(output, Limits.standard()), MetadataLevel.FULL, "1")
              .getOrDefault("bmr.recipe", "");
      assertEquals(
          "let w = 0.25\nHalf = A x 0.5 + B x 0.5\nOther = A x 0.9 + B x 0.1\n"
              + "Deep = A x 0.1 + B x 0.9\n"
              + "R = Half x (1 - w) + Deep x w\nsave R f64\n",
          recipe);
    }
  }

  @Test
  void problemsStandInTheScriptTheyAreIn() throws IOException {
    TinyModel.sd1("A").write(folder);
    write("lib/base.bmr", "# comment", "Half = A x 0.5 + A x 0.5", "Twice = A", "Bad = A x");
    write("main.bmr", "include \"lib/base.bmr\"", "Twice = Half", "Later = Nobody x 0.5 + A x 0.5");
    try (Workspace workspace = open("main.bmr", folder)) {
      String text =
          DiagnosticRenderer.plain()
              .render(workspace.diagnostics())
              .replace(folder.toString(), "F")
              .replace('\\', '/');
      assertTrue(text.contains("--> F/lib/base.bmr:4:9"), text);
      assertTrue(text.contains("`Twice` is defined twice\n --> F/main.bmr:2:1"), text);
      assertTrue(text.contains("::: F/lib/base.bmr:3:1"), text);
      assertTrue(text.indexOf("main.bmr:3:9") < text.indexOf("--> F/lib/base.bmr:4:9"), text);
    }
  }

  @Test
  void whatCannotBeIncluded() throws IOException {
    TinyModel.sd1("A").write(folder);
    write("a.bmr", "include \"b.bmr\"", "R = A");
    write("b.bmr", "include \"a.bmr\"");
    write("self.bmr", "include \"self.bmr\"", "R = A");
    write("missing.bmr", "include \"nowhere.bmr\"", "R = A");
    write("folder.bmr", "include \".\"", "R = A");
    for (int i = 0; i < 40; i++) {
      write("deep" + i + ".bmr", "include \"deep" + (i + 1) + ".bmr\"");
    }
    write("deep40.bmr", "R = A");
    for (var expected :
        Map.of(
                "a.bmr", "BMR0122",
                "self.bmr", "BMR0122",
                "missing.bmr", "BMR0121",
                "folder.bmr", "BMR0121",
                "deep0.bmr", "BMR0123")
            .entrySet()) {
      try (Workspace workspace = open(expected.getKey(), folder)) {
        assertEquals(expected.getValue(), codes(workspace).getFirst(), expected.getKey());
      }
    }
  }

  @Test
  void scriptsMustAgreeOnWhatHoldsForAll() throws IOException {
    TinyModel.sd1("A").write(folder);
    write("lib.bmr", "seed 7", "block_map \"bmr\"");
    write("main.bmr", "seed 8", "block_map \"bmr\"", "include \"lib.bmr\"", "R = A");
    try (Workspace workspace = open("main.bmr", folder)) {
      assertEquals(List.of("BMR0124"), codes(workspace));
    }
  }

  @Test
  void hashesAreVerified() throws Exception {
    TinyModel.sd1("A").write(folder);
    Path file = folder.resolve("A.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    String other = "0123456789" + hash.substring(10);
    write("short.bmr", "R = A[" + hash.substring(0, 10).toUpperCase(java.util.Locale.ROOT) + "]");
    write("long.bmr", "model M = \"A.safetensors\" sha256 \"" + hash + "\"", "R = M");
    write("wrong.bmr", "model M = \"A.safetensors\" sha256 \"" + other + "\"", "R = M");
    write("legacy.bmr", "R = A[e3b0c442]"); // the file ends before 1 MiB
    write("no.bmr", "R = A[xyz]");
    write("definition.bmr", "M = A", "R = M[0123456789]");
    assertOk("short.bmr");
    assertOk("long.bmr");
    assertOk("legacy.bmr");
    try (Workspace workspace = open("wrong.bmr", folder)) {
      assertEquals("BMR0126", codes(workspace).getFirst());
      assertTrue(message(workspace).contains(hash), message(workspace));
      assertTrue(message(workspace).contains(other), message(workspace));
    }
    try (Workspace workspace = open("no.bmr", folder)) {
      assertEquals(List.of("BMR0125"), codes(workspace));
    }
    try (Workspace workspace = open("definition.bmr", folder)) {
      assertEquals(List.of("BMR0127"), codes(workspace));
    }
  }

  private void assertOk(String script) {
    try (Workspace workspace = open(script, folder)) {
      assertFalse(workspace.failed(), () -> script + ": " + workspace.diagnostics());
    }
  }

  @Test
  void theLegacyHashIsOfSixtyFourKibibytesBehindTheFirstMebibyte() throws Exception {
    byte[] bytes = new byte[0x120000];
    new java.util.Random(7).nextBytes(bytes);
    Path file = folder.resolve("large");
    Files.write(file, bytes);
    byte[] part = Arrays.copyOfRange(bytes, 0x100000, 0x110000);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(part));
    assertEquals(hash.substring(0, 8), bmr.checkpoint.FileHash.like("00000000", file));
  }

  @Test
  void filesOfTheHubAreFoundInItsCache() throws IOException {
    Path repo = folder.resolve("hub/models--owner--repo");
    Files.createDirectories(repo.resolve("refs"));
    Files.writeString(repo.resolve("refs/main"), "abc123\n");
    Files.createDirectories(repo.resolve("snapshots/abc123/sub"));
    Files.writeString(repo.resolve("snapshots/abc123/sub/m.safetensors"), "x");
    var cache =
        new HubCache(
            bmr.checkpoint.ModelLibrary.empty(), Map.of(), Optional.of(folder.resolve("hub")));
    assertTrue(cache.file("owner/repo/sub/m.safetensors").isPresent());
    assertTrue(cache.file("owner/repo@abc123/sub/m.safetensors").isPresent());
    assertTrue(cache.file("owner/repo@main/sub/m.safetensors").isPresent());
    assertTrue(cache.file("owner/repo/m.safetensors").isEmpty());
    assertTrue(cache.file("owner/repo/../abc123/sub/m.safetensors").isEmpty());
    assertTrue(cache.file("owner").isEmpty());
    assertTrue(cache.file("owner/repo//etc/hosts").isEmpty());
    assertTrue(cache.file("owner/repo@../sub/m.safetensors").isEmpty());
    assertTrue(cache.file("../hub/repo/m.safetensors").isEmpty());
    assertTrue(cache.file("owner/repo").isEmpty());
    Files.writeString(repo.resolve("snapshots/abc123/a.safetensors"), "x");
    assertEquals(
        new bmr.model.ModelNames.Lookup.Missing(List.of("a.safetensors")),
        cache.find("hf:owner/repo"));
    Files.writeString(repo.resolve("snapshots/abc123/model_index.json"), "{}");
    assertEquals(Optional.of(repo.resolve("snapshots/abc123")), cache.file("owner/repo"));
    Files.writeString(repo.resolve("refs/main"), "../../outside");
    assertTrue(cache.file("owner/repo/sub/m.safetensors").isEmpty());
    write("main.bmr", "R = hf:nobody/nothing-of-this-name/m.safetensors");
    try (Workspace workspace = open("main.bmr", folder)) {
      assertEquals(List.of("BMR0128"), codes(workspace));
      assertTrue(
          message(workspace).contains("hf download nobody/nothing-of-this-name m.safetensors"),
          message(workspace));
    }
  }

  @Test
  void aFallbackTakesTheFirstThatHoldsTheTensor() throws IOException {
    TinyModel a = TinyModel.sd1("A").without(VAE, MID).write(folder);
    TinyModel b = TinyModel.sd1("B").without(MID).write(folder);
    TinyModel c = TinyModel.sd1("C").write(folder);
    Merged.of(folder, "R = A | B | C", "save R f64")
        .exactly(a, CLIP, IN04, HEAD)
        .exactly(b, VAE)
        .exactly(c, MID);
    // unlike a sum, whose carriers count together: the VAE of A | B is B's, and is blended
    Merged.of(folder, "R = (A | B) x 0.5 + C x 0.5", "save R f64")
        .blended(a, c, 0.5, CLIP)
        .blended(b, c, 0.5, VAE)
        .exactly(c, MID);
    assertTrue(Merged.codes(folder, "R = A | (B - C)").contains("BMR0308"));
  }

  @Test
  void anAllowedSumIsAWarning() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = a.values(IN04)[i] + 0.08 * b.values(IN04)[i];
    }
    for (String script :
        List.of(
            "R = A + B x 0.08 allow sum\nsave R f64",
            "R = A + B x w\n    w = 0.08\n    allow sum\nsave R f64",
            "A + B x 0.08 = R\n  allow sum\nsave R f64")) {
      Merged merged = Merged.of(folder, script);
      merged.equal(IN04, expected);
      assertTrue(merged.codes().contains("BMR0307"), merged.codes().toString());
    }
    assertTrue(Merged.codes(folder, "R = A + B x 0.08").contains("BMR0301"));
  }

  @Test
  void aHashChoosesAmongFilesOfOneName() throws IOException {
    Files.createDirectories(folder.resolve("one"));
    Files.createDirectories(folder.resolve("two"));
    TinyModel.sd1("A").write(folder.resolve("one"));
    TinyModel.sd1("A").without(MID).write(folder.resolve("two"));
    TinyModel.sd1("B").write(folder);
    String hash = bmr.checkpoint.FileHash.like("0123456789", folder.resolve("two/A.safetensors"));
    write("which.bmr", "R = A x 0.5 + B x 0.5");
    write("chosen.bmr", "R = A[" + hash.toUpperCase(java.util.Locale.ROOT) + "] x 0.5 + B x 0.5");
    write("neither.bmr", "R = A[0123456789] x 0.5 + B x 0.5");
    try (Workspace workspace = open("which.bmr", folder)) {
      assertEquals(List.of("BMR0103"), codes(workspace));
    }
    try (Workspace workspace = open("neither.bmr", folder)) {
      assertEquals(List.of("BMR0191"), codes(workspace));
    }
    try (Workspace workspace = open("chosen.bmr", folder)) {
      assertEquals(List.of(), codes(workspace));
      assertEquals(
          folder.resolve("two/A.safetensors").toRealPath(),
          workspace.recipe().sources().getFirst().file().path().toRealPath());
      assertEquals("A[" + hash + "]", workspace.recipe().sources().getFirst().name());
    }
  }
}
