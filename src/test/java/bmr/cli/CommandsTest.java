package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that write no model, on tiny samples. */
class CommandsTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void models() throws IOException {
    SampleFolder.fill(folder);
    SampleFolder.copyBlessingMix(folder);
    SampleFolder.write(folder, "broken.bmr", "MIX = OpenBar x 0.7 + sxd_10Pruned x 0.3\n");
    Files.copy(folder.resolve("models/OpenBra.safetensors"), folder.resolve("copy.safetensors"));
    Files.createDirectory(folder.resolve("odd"));
    SampleFolder.write(folder.resolve("odd"), "page.safetensors", "<!DOCTYPE html><html></html>");
    Files.copy(
        folder.resolve("models/dreamshaper_6NoVae.safetensors"),
        folder.resolve("odd/dream.safetensors"));
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.in(folder, arguments);
  }

  private static void check(String golden, CommandRun run) {
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Golden.check("cli/" + golden, withoutMachine(run.out()));
  }

  /** Numbers that depend on the machine and on how the engine divides its memory. */
  private static String withoutMachine(String text) {
    return text.replaceAll("in [\\d.]+ s\n", "in N s\n")
        .replaceAll("\\d+ threads?", "N threads")
        .replaceAll("at most [\\d.]+ MB", "at most N MB")
        .replaceAll("\"peakMemoryBytes\": \\d+", "\"peakMemoryBytes\": N");
  }

  @Test
  void checkCountsWhatThereIs() {
    check("check.golden", run("check", "blessing-mix.bmr", "--models", "models"));
  }

  @Test
  void checkTellsEveryProblem() {
    CommandRun run = run("check", "broken.bmr", "--models", "models");
    assertEquals(ExitStatus.FAULT, run.status());
    assertEquals("broken.bmr: 1 error\n", run.out());
    assertTrue(run.err().contains("`OpenBar`"), run.err());
    assertTrue(run.err().contains("--> broken.bmr:1:7"), run.err());
    assertTrue(run.err().contains("hint: did you mean `OpenBra`"), run.err());
  }

  @Test
  void planShowsTheFormulaOfEveryBlock() {
    check("plan.golden", run("plan", "blessing-mix.bmr", "--models", "models", "--threads", "2"));
  }

  @Test
  void planOfAnyDefinition() {
    CommandRun run = run("plan", "blessing-mix.bmr", "TEMP1", "--models", "models");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(
        run.out().contains("OpenBra + 0.08·Evt_V4_e04_ema − 0.08·v1-5-pruned-emaonly"), run.out());
  }

  @Test
  void planAsJsonHasItsShape() {
    check(
        "plan-json.golden",
        run("plan", "blessing-mix.bmr", "--models", "models", "--json", "--threads", "2"));
  }

  @Test
  void modelsListsWhatThereIs() {
    check("models.golden", run("models", "models"));
  }

  @Test
  void modelsTellsWhyAFileIsNone() {
    CommandRun run = run("models", "odd");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().contains("HTML page"), run.out());
    assertTrue(run.out().contains("1 model, "), run.out());
    assertTrue(run.out().contains("; 1 file not usable"), run.out());
  }

  @Test
  void inspectShowsAFile() {
    check("inspect.golden", run("inspect", "models/v1-5-pruned-emaonly.safetensors", "--nan"));
  }

  @Test
  void inspectAsJsonHasItsShape() {
    check(
        "inspect-json.golden",
        run("inspect", "models/epicrealism_newAge.safetensors", "--json", "--nan"));
  }

  @Test
  void compareOfFiles() {
    check(
        "compare.golden",
        run("compare", "models/OpenBra.safetensors", "models/OpenBra1.1.safetensors"));
  }

  @Test
  void compareOfNamesOnSomeBlocks() {
    check(
        "compare-on.golden",
        run(
            "compare",
            "FINAL_OUTPUTS",
            "BracingEvoMix_v1",
            "--recipe",
            "blessing-mix.bmr",
            "--models",
            "models",
            "--on",
            "OUT"));
  }

  @Test
  void compareAsJsonHasItsShape() {
    check(
        "compare-json.golden",
        run(
            "compare",
            "models/OpenBra.safetensors",
            "copy.safetensors",
            "--json",
            "--on",
            "IN00-IN01"));
  }

  @Test
  void compareOfANameThatNothingHas() {
    CommandRun run =
        run("compare", "TEMP99", "TEMP1", "--recipe", "blessing-mix.bmr", "--models", "models");
    assertEquals(ExitStatus.FAULT, run.status());
    assertTrue(run.err().contains("`TEMP99` is neither"), run.err());
  }

  @Test
  void demoShowsEverythingOnce() {
    CommandRun run = run("demo", "--dir", "first");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Golden.check("cli/demo.golden", withoutMachine(run.out()));
    CommandRun again = run("demo", "--dir", "first");
    assertEquals(ExitStatus.DONE, again.status(), again.err());
    assertTrue(again.out().contains("up to date"), again.out());
  }

  @Test
  void sampleOfTheOtherArchitecture() {
    CommandRun run = run("sample", "xl", "--architecture", "sdxl");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().contains("3 files, "), run.out());
    assertTrue(run("models", "xl").out().contains("SDXL"), run.out());
  }
}
