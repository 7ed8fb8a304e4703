package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final String RECIPE =
      """
      MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3
      save MIX f16
      """;

  @TempDir private Path folder;

  @BeforeEach
  void models() {
    SampleFolder.fill(folder);
    SampleFolder.write(folder, "mix.bmr", RECIPE);
  }

  private CommandRun run(String... arguments) {
    String[] all = Stream.concat(Stream.of("run"), Stream.of(arguments)).toArray(String[]::new);
    return CommandRun.in(folder, all);
  }

  private CommandRun runMix(String... more) {
    return run(
        Stream.concat(Stream.of("mix.bmr", "--models", "models"), Stream.of(more))
            .toArray(String[]::new));
  }

  private byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }

  @Test
  void theResultLiesBesideTheRecipe() {
    CommandRun run = runMix();
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().startsWith("MIX.safetensors: "), run.out());
    assertTrue(run.out().contains(", F16\nread "), run.out());
    try (Checkpoint made = Checkpoint.open(folder.resolve("MIX.safetensors"))) {
      assertEquals("pt", made.metadata().get("format"));
    }
  }

  @Test
  void aSecondRunFindsItUpToDate() throws IOException {
    runMix();
    byte[] first = bytes("MIX.safetensors");
    FileTime time = Files.getLastModifiedTime(folder.resolve("MIX.safetensors"));
    CommandRun again = runMix();
    assertEquals(ExitStatus.DONE, again.status(), again.err());
    assertTrue(again.out().contains("up to date"), again.out());
    assertEquals(time, Files.getLastModifiedTime(folder.resolve("MIX.safetensors")));
    CommandRun forced = runMix("--force");
    assertTrue(forced.out().contains("wrote"), forced.out());
    assertArrayEquals(first, bytes("MIX.safetensors"));
  }

  @Test
  void aNewerSourceMakesItOutOfDate() throws IOException {
    runMix();
    Path source = folder.resolve("models/OpenBra.safetensors");
    FileTime made = Files.getLastModifiedTime(folder.resolve("MIX.safetensors"));
    Files.setLastModifiedTime(source, FileTime.fromMillis(made.toMillis() + 10_000));
    assertEquals(ExitStatus.FAULT, runMix().status());
  }

  @Test
  void anotherFileIsNotReplacedUnasked() throws IOException {
    SampleFolder.write(folder, "MIX.safetensors", "precious");
    CommandRun refused = runMix();
    assertEquals(ExitStatus.FAULT, refused.status());
    assertTrue(refused.err().contains("`MIX.safetensors` is there already"), refused.err());
    assertTrue(refused.err().contains("--overwrite"), refused.err());
    assertEquals("precious", Files.readString(folder.resolve("MIX.safetensors")));
    assertEquals(ExitStatus.DONE, runMix("--overwrite").status());
    assertTrue(bytes("MIX.safetensors").length > 1000);
  }

  @Test
  void aSourceIsNeverOverwritten() throws IOException {
    byte[] before = bytes("models/OpenBra.safetensors");
    CommandRun run = runMix("-o", "models/OpenBra.safetensors", "--overwrite");
    assertEquals(ExitStatus.FAULT, run.status());
    assertTrue(run.err().contains("never overwritten"), run.err());
    assertArrayEquals(before, bytes("models/OpenBra.safetensors"));
  }

  @Test
  void aFormulaStandsForARecipe() throws IOException {
    Files.copy(folder.resolve("models/OpenBra.safetensors"), folder.resolve("A.safetensors"));
    Files.copy(folder.resolve("models/sxd_10Pruned.safetensors"), folder.resolve("B.safetensors"));
    Files.createDirectory(folder.resolve("out"));
    CommandRun run =
        run("-e", "A x 0.7 + B x w", "--set", "w=0.3", "-o", "mix.safetensors", "--out", "out");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    runMix();
    try (Checkpoint one = Checkpoint.open(folder.resolve("out/mix.safetensors"));
        Checkpoint other = Checkpoint.open(folder.resolve("MIX.safetensors"))) {
      assertEquals(one.tensors(), other.tensors());
    }
    CommandRun same = CommandRun.in(folder, "compare", "out/mix.safetensors", "MIX.safetensors");
    assertTrue(same.out().contains("total  100.0000%    0.0000"), same.out());
  }

  @Test
  void aFormulaThatNamesItsResultNeedsNoFile() {
    CommandRun run = run("-e", "HALF = OpenBra x 0.5 + sxd_10Pruned x 0.5", "--models", "models");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(Files.exists(folder.resolve("HALF.safetensors")), run.out());
  }

  @Test
  void oneDefinitionCanBeMadeAlone() {
    SampleFolder.write(folder, "two.bmr", "A1 = OpenBra x 1\nB1 = A1 x 0.5 + sxd_10Pruned x 0.5\n");
    CommandRun run = run("two.bmr", "--models", "models", "--only", "A1", "-o", "a.safetensors");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(Files.exists(folder.resolve("a.safetensors")));
    assertFalse(Files.exists(folder.resolve("B1.safetensors")));
    CommandRun all = run("two.bmr", "--models", "models", "--all");
    assertEquals(ExitStatus.DONE, all.status(), all.err());
    assertTrue(Files.exists(folder.resolve("A1.safetensors")));
    assertTrue(Files.exists(folder.resolve("B1.safetensors")));
  }

  @Test
  void aDryRunWritesNothing() throws IOException {
    List<String> before = names();
    CommandRun run = runMix("--dry-run");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().contains("would write MIX.safetensors"), run.out());
    assertEquals(before, names());
  }

  @Test
  void quietSaysNothing() {
    SampleFolder.write(folder, "mix.bmr", RECIPE.replace("f16", "f16 vae: OpenBra"));
    CommandRun run = runMix("--quiet");
    assertEquals(new CommandRun(ExitStatus.DONE, "", ""), run);
  }

  @Test
  void theSummaryAsJsonHasItsShape() {
    CommandRun run = runMix("--json");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Golden.check(
        "cli/run-json.golden",
        run.out()
            .replaceAll("\"(bytes|readBytes)\": \\d+", "\"$1\": N")
            .replaceAll("\"seconds\": [\\d.]+", "\"seconds\": N"));
  }

  @Test
  void metadataCanBeLeftOut() {
    runMix("--metadata", "none");
    try (Checkpoint made = Checkpoint.open(folder.resolve("MIX.safetensors"))) {
      assertFalse(made.metadata().containsKey("bmr.recipe"), made.metadata().toString());
    }
    // what does not tell its recipe cannot be known to be up to date
    assertEquals(ExitStatus.FAULT, runMix("--metadata", "none").status());
  }

  @Test
  void aStoppedRunLeavesNothing() throws IOException {
    List<String> before = names();
    CommandRun run =
        CommandRun.in(folder, () -> true, "run", "mix.bmr", "--models", "models", "--quiet");
    assertEquals(ExitStatus.INTERRUPTED, run.status(), run.err());
    assertEquals(before, names());
  }

  @Test
  void theSameBytesComeForAnyThreadsAndMemory() throws IOException {
    runMix("--threads", "1", "--memory", "64M");
    byte[] first = bytes("MIX.safetensors");
    runMix("--force", "--threads", "3", "--memory", "1G");
    assertArrayEquals(first, bytes("MIX.safetensors"));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }
}
