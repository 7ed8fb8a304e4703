package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planted truth: a recipe is run, and a copy of it with unknowns is fitted to the file. */
final class FitCommandTest {
  private static final String FORM =
      """
      # a comment that stays
      T1 = OpenBra + (Evt_V4_e04_ema - v1-5-pruned-emaonly) x %s
      T2 = T1 x (1 - %s) + epicrealism_newAge x %s   # laid out by hand
      FINAL = T2 + (sxd_10Pruned - v1-5-pruned-emaonly) x {OUT: %s, IN: %s, else %s}
      """;

  @TempDir Path folder;

  @BeforeEach
  void samples() {
    SampleFolder.fill(folder);
  }

  private CommandRun fit(String... more) {
    var arguments = new java.util.ArrayList<String>();
    arguments.addAll(java.util.List.of("fit", "form.bmr", "--models", "models", "--no-cache"));
    arguments.addAll(java.util.List.of(more));
    return CommandRun.in(folder, arguments.toArray(String[]::new));
  }

  private void plant() {
    SampleFolder.write(
        folder, "hidden.bmr", FORM.formatted("0.08", "0.1", "0.1", "0.18", "-0.05", "0.02"));
    assertEquals(
        0,
        CommandRun.in(folder, "run", "hidden.bmr", "--models", "models", "-o", "hidden.safetensors")
            .status());
    SampleFolder.write(
        folder, "form.bmr", FORM.formatted("?", "?w[0,1]", "?w", "?", "?in", "?~0.3"));
  }

  @Test
  void hiddenWeightsComeBack() throws Exception {
    plant();
    CommandRun run = fit("--target", "hidden.safetensors", "--relative-to", "v1-5-pruned-emaonly");
    assertEquals(0, run.status(), run.err());
    Matcher found =
        Pattern.compile(
                """
                # a comment that stays
                T1 = OpenBra \\+ \\(Evt_V4_e04_ema - v1-5-pruned-emaonly\\) x (\\S+)
                T2 = T1 x \\(1 - (\\S+)\\) \\+ epicrealism_newAge x (\\S+)   # laid out by hand
                FINAL = T2 \\+ .* x \\{OUT: (\\S+), IN: \\((\\S+)\\), else (\\S+)\\}
                """)
            .matcher(run.out());
    assertTrue(found.matches(), run.out() + run.err());
    double[] hidden = {0.08, 0.1, 0.1, 0.18, -0.05, 0.02};
    for (int i = 0; i < hidden.length; i++) {
      assertEquals(hidden[i], Double.parseDouble(found.group(i + 1)), 2e-4, run.out());
    }
  }

  @Test
  void roundedWeightsAreTheHiddenOnes() throws Exception {
    plant();
    CommandRun run = fit("--target", "hidden.safetensors", "--round", "0.01", "-o", "found.bmr");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        FORM.formatted("0.08", "0.1", "0.1", "0.18", "(-0.05)", "0.02"),
        Files.readString(folder.resolve("found.bmr")));
    CommandRun check = CommandRun.in(folder, "check", "found.bmr", "--models", "models");
    assertEquals(0, check.status(), check.err());
  }

  @Test
  void oneModelTwiceIsSaidToBeUndetermined() {
    SampleFolder.write(
        folder,
        "form.bmr",
        "F = OpenBra + (sxd_10Pruned - v1-5-pruned-emaonly) x ?a"
            + " + (sxd_10Pruned - v1-5-pruned-emaonly) x ?b\n");
    CommandRun run = fit("--target", "Evt_V4_e04_ema");
    // a source that the recipe does not use is given as a file
    assertEquals(1, run.status(), run.out());
    run = fit("--target", "models/Evt_V4_e04_ema.safetensors");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().contains("cannot tell apart ?a, ?b"), run.err());
  }

  @Test
  void badInputIsExplained() {
    SampleFolder.write(folder, "form.bmr", "F = OpenBra x 0.5 + sxd_10Pruned x 0.5\n");
    assertTrue(fit("--target", "OpenBra").err().contains("BMR0853"));
    SampleFolder.write(folder, "form.bmr", "F = OpenBra x (1 - ?[1,0]) + sxd_10Pruned x 0.5\n");
    assertTrue(fit("--target", "OpenBra").err().contains("BMR0851"));
    SampleFolder.write(folder, "form.bmr", "F = OpenBra + (sxd_10Pruned - OpenBra) x ?[0,1]~2\n");
    assertTrue(fit("--target", "OpenBra").err().contains("BMR0852"));
    SampleFolder.write(folder, "form.bmr", "F = OpenBra + (sxd_10Pruned - sxd_10Pruned) x ?\n");
    assertTrue(fit("--target", "OpenBra").err().contains("BMR0854"));
    SampleFolder.write(folder, "form.bmr", "F = OpenBra + (sxd_10Pruned - OpenBra) x ?\n");
    assertTrue(fit("--target", "OpenBra", "--relative-to", "OpenBra").err().contains("BMR0858"));
    CommandRun run = CommandRun.in(folder, "run", "form.bmr", "--models", "models");
    assertEquals(1, run.status());
    assertTrue(run.err().contains("BMR0850"), run.err());
    CommandRun check = CommandRun.in(folder, "check", "form.bmr", "--models", "models");
    assertEquals(0, check.status(), check.err());
  }

  @Test
  void sumsThatDependOnAnUnknownAreReported() {
    SampleFolder.write(folder, "form.bmr", "F = OpenBra x (1 - ?a) + sxd_10Pruned x ?b\n");
    CommandRun check = CommandRun.in(folder, "check", "form.bmr", "--models", "models");
    assertTrue(check.err().contains("BMR03"), check.err() + check.out());
  }
}
