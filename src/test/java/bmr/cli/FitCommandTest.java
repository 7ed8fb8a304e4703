package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  void readsWell() {
    plant();
    String[] question = {
      "--target", "hidden.safetensors", "--relative-to", "v1-5-pruned-emaonly", "--on", "BASE+OUT"
    };
    CommandRun run = fit(question);
    assertEquals(0, run.status(), run.err());
    Golden.check("cli/fit.golden", run.out() + "---\n" + run.err());
    CommandRun rounded = fit(with(question, "--round", "0.01", "--json"));
    assertEquals(0, rounded.status(), rounded.err());
    Golden.check("cli/fit-json.golden", ShortFigures.of(rounded.out()));
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void multiplesStayWithinBounds() {
    plant();
    SampleFolder.write(
        folder,
        "form.bmr",
        FORM.formatted("?[0,0.075]", "?w[0,1]", "?w", "?[0.181,0.184]", "?in", "?"));
    CommandRun run = fit("--target", "hidden.safetensors", "--round", "0.01");
    assertEquals(0, run.status(), run.err());
    // 0.08 is wanted and above the bound; no multiple lies between 0.181 and 0.184
    assertTrue(run.out().contains("v1-5-pruned-emaonly) x 0.07\n"), run.out());
    assertTrue(run.out().contains("{OUT: 0.181,"), run.out());
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
    assertTrue(
        run.err().contains("cannot tell apart ?a, ?b: together, ?a + 1, ?b - 1 change nothing"),
        run.err());
    SampleFolder.write(
        folder,
        "form.bmr",
        "F = OpenBra + (sxd_10Pruned - v1-5-pruned-emaonly) x (?a x 0.5)"
            + " + (sxd_10Pruned - v1-5-pruned-emaonly) x ?b"
            + " + (Evt_V4_e04_ema - v1-5-pruned-emaonly) x ?c\n");
    run = fit("--target", "models/epicrealism_newAge.safetensors");
    assertTrue(run.err().contains("together, ?a + 1, ?b - 0.5 change nothing"), run.err());
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
