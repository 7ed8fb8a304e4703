package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffTest {
  private static final String OLD =
      """
      T1 = OpenBra + (Evt - v15) x 0.08
      T2 = T1 x (1-alpha) + dream x alpha, alpha = {OUT06~OUT10: 0.15}
      FINAL = T2 x 0.7 + sxd x 0.3
      MIX = slerp(T1, sxd, 0.3) x 0.5 + adjust(OpenBra, 1, 0, 0, 0, 1, 0, 0, 0) x 0.5
      SAME = A x 0.5 + B x 0.5
      LONE = A x 0.4 + B x 0.6
      save FINAL f16
      save MIX
      save SAME
      save LONE
      """;

  private static final String NEW =
      """
      FACES = OpenBra + (Evt - v15) x 0.1
      SOFT = FACES x (1-alpha) + dream x alpha
          alpha = {OUT06~OUT10: 15%, IN04:attn1: 0.3, VAE: 0.5}
      FINAL = SOFT x 0.7 + other x 0.3
      MIX = slerp(FACES, sxd, 0.35) x 0.5 + adjust(OpenBra, 1, 0, 0, 0, 2, 0, 0, 0) x 0.5
      SAME = B x 50% + A x 50%
      save FINAL f32 vae: OpenBra
      save MIX
      save SAME
      """;

  @TempDir private Path folder;

  private CommandRun diff(String old, String now, String... options) {
    SampleFolder.write(folder, "old.bmr", old);
    SampleFolder.write(folder, "new.bmr", now);
    String[] arguments = new String[options.length + 3];
    arguments[0] = "diff";
    arguments[1] = "old.bmr";
    arguments[2] = "new.bmr";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return CommandRun.in(folder, arguments);
  }

  private void same(String old, String now, String... options) {
    CommandRun run = diff(old, now, options);
    assertEquals(ExitStatus.DONE, run.status(), run.out() + run.err());
    assertTrue(run.out().startsWith("the same "), run.out());
  }

  private String different(String old, String now, String... options) {
    CommandRun run = diff(old, now, options);
    assertEquals(ExitStatus.DIFFERENT, run.status(), run.out() + run.err());
    assertEquals("", run.err());
    return run.out();
  }

  @Test
  void differencesInWords() {
    String text = different(OLD, NEW);
    assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
    Golden.check("cli/diff.golden", text);
  }

  @Test
  void differencesAsJson() {
    String old = "T = A x 0.7 + B x 0.3\nR = slerp(T, C, 0.25)\nS = A x 0.5 + B x 0.5\n";
    String now =
        "R = slerp(A x 0.6 + B x 0.4, C, 0.25)\nS = A x (1-w) + D x w, w = {M00: 1, VAE: 0.5}\n";
    Golden.check("cli/diff-json.golden", different(old, now, "--json"));
  }

  @Test
  void theSameInWords() {
    CommandRun run = diff(OLD, OLD);
    assertEquals("the same 4 models\n", run.out());
    assertEquals(ExitStatus.DONE, run.status());
    run = diff("X = A x 0.5 + B x 0.5", "Y = B x 50% + A x 50%");
    assertEquals("the same model\n\nX, compared with Y: the same\n", run.out());
    assertEquals(ExitStatus.DONE, run.status());
  }

  @Test
  void theSameWeightsWrittenDifferently() {
    String formula = "R = A x (1-w) + B x w, w = ";
    String list20 = "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0.15,0.15,0.15,0,0";
    same(formula + "(" + list20 + ")", formula + "{OUT04-OUT06: 15%}");
    same(formula + "{OUT04-OUT06: 0.15}", formula + "(" + list20 + ")");
    String list26 = String.join(",", Collections.nCopies(17, "0")) + ",0.3,0.3,0,0,0,0,0,0,0";
    same(formula + "(" + list26 + ")", formula + "{OUT03: 0.3, OUT04: 30%}");
    // IN09 to IN11 and OUT09 to OUT11 are left out on SDXL
    String short20 = String.join(",", Collections.nCopies(14, "0")) + ",0.3,0.3,0,0,0,0";
    same(formula + "(" + list26 + ")", formula + "(" + short20 + ")");
    same("R = A x 0.5 + B x 0.5", "R = (A + B) x 0.5");
    same("R = A x (1/3) + B x (2/3)", "R = A x (1 - 2/3) + B x (2/3)");
  }

  @Test
  void includedDefinitionsCount() {
    SampleFolder.write(folder, "part.bmr", "let w = 0.3\nBASIS = A x (1-w) + B x w\n");
    String including = "include \"part.bmr\"\nR = BASIS x 0.5 + C x 0.5\n";
    same(including, "R = A x 0.35 + B x 0.15 + C x 0.5");
    assertTrue(
        different(including, "R = A x 0.3 + B x 0.2 + C x 0.5").contains("A: 0.35 → 0.3 in all"));
  }

  @Test
  void namesAreNotTheMeaning() {
    same("R = A x 0.5 + old x 0.5", "R = A x 0.5 + now x 0.5", "--name", "old=now");
    assertTrue(
        different("R = A x 0.5 + old x 0.5", "R = A x 0.5 + now x 0.5").contains("old (gone)"));
    String two = "R = A x 0.5 + B x 0.5\nS = A x 0.4 + B x 0.6\n";
    same(two, two.replace("R =", "\"a=b\" ="), "--name", "R=a=b");
    String text = different(two, two.replace("R =", "Q ="));
    assertTrue(text.contains("made only by old.bmr: R\nmade only by new.bmr: Q\n"), text);
  }

  @Test
  void definitionsBetweenCountOnlyWithAll() {
    String old = "T = A x 0.5 + B x 0.5\nU = T x 0.5 + B x 0.5\nsave U\n";
    String now = "T = A x 0.6 + B x 0.4\nU = A x 0.25 + B x 0.75\nsave U\n";
    same(old, now);
    String text = different(old, now, "--all");
    assertTrue(text.startsWith("1 of 2 models differs\n\nT:\nA: 0.5 → 0.6"), text);
  }

  @Test
  void toleranceIsAbsolute() {
    String old = "R = A x 0.5 + B x 0.5";
    String now = "R = A x 0.5000000001 + B x 0.4999999999";
    same(old, now);
    assertTrue(
        different(old, now, "--tolerance", "0").contains("A: 0.5 → 0.5000000001 in all blocks"));
    same(old, "R = A x 0.51 + B x 0.49", "--tolerance", "0.011");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "save R | save R f32 | element type: F16 → F32",
        "save R f16 vae: none | save R f16 | parts: no VAE → all",
        "save R f16 unet | save R f16 | parts: U-Net only → all",
        "save R f16 vae: A | save R f16 | A: 1 → 0.5 in VAE",
        "precision stepwise f16 | | precision: stepwise f16 → one rounding",
      })
  void savingCounts(String old, String now, String expected) {
    String recipe = "T = A x 0.5 + C x 0.5\nR = T x 0.5 + B x 0.5 + A x 0.25 - C x 0.25\n";
    String text = different(recipe + old, recipe + (now == null ? "" : now));
    assertTrue(text.contains("\n" + expected), text);
  }

  @Test
  void savingTheSameInOtherWords() {
    String recipe = "R = A x 0.5 + B x 0.5\n";
    same(recipe + "save R", recipe + "save R as \"other.safetensors\" f16");
    same(recipe + "save R vae: A", "R = A x (1-w) + B x w, w = {ALL: 0.5, VAE: 0}\nsave R f16");
  }

  @Test
  void stepsCountWhereEachIsRounded() {
    String steps = "precision stepwise f16\n";
    String old = steps + "T = A x 0.5 + B x 0.5\nR = T x 0.5 + C x 0.5\n";
    same(old, old.replace("T ", "S "));
    String text = different(old, steps + "R = A x 0.25 + B x 0.25 + C x 0.5\n");
    assertTrue(text.contains("rounded between other definitions"), text);
  }

  @Test
  void methodsAndFallbacksAreComparedByTheirParts() {
    same("R = slerp(A x 0.5 + B x 0.5, C, 0.3)", "H = B x 0.5 + A x 0.5\nR = slerp(H, C, t = 30%)");
    assertTrue(
        different("R = slerp(A, B, {IN: 0.3})", "R = slerp(A, B, {IN: 0.3, OUT05: 0.2})")
            .contains("OUT05"));
    assertTrue(
        different("R = (A | B) x 0.5 + C x 0.5", "R = A x 0.5 + C x 0.5")
            .contains("fallback#1 is (A | B) in all blocks"));
    same("R = adjust(A, 0, 0, 0, 0, 0, 0, 0, 0)", "R = A");
    same(
        "R = adjust(A, 1, 1, 1, 0, 0, 0, 0, 0) x 0.5 + adjust(B, 1, 1, 1, 0, 0, 0, 0, 0) x 0.5",
        "R = adjust(A x 0.5 + B x 0.5, 1, 1, 1, 0, 0, 0, 0, 0)");
  }

  @Test
  void randomWeightsDifferBySeed() {
    String recipe = "R = A x (1-w) + B x w, w = random(0, 1)\n";
    same("seed 7\n" + recipe, "seed 7\n" + recipe);
    assertTrue(different("seed 7\n" + recipe, "seed 8\n" + recipe).contains("A: 0."));
  }

  @Test
  void theExampleNeedsNoFiles() {
    SampleFolder.copyBlessingMix(folder);
    CommandRun run = CommandRun.in(folder, "diff", "blessing-mix.bmr", "blessing-mix.bmr", "--all");
    assertEquals("the same 18 models, 1 of them saved\n", run.out(), run.err());
  }

  @Test
  void problemsOfBothAreToldWithStatusTwo() {
    CommandRun run = diff("R = A x 0.5 + B x", "R = A x 0.5 + Q(B)");
    assertEquals(ExitStatus.TROUBLE, run.status());
    assertEquals("", run.out());
    assertTrue(run.err().contains("--> old.bmr:1"), run.err());
    assertTrue(run.err().contains("--> new.bmr:1"), run.err());
    assertEquals(ExitStatus.TROUBLE, diff("let w = 1", "let w = 1", "--json").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "diff",
        "diff old.bmr",
        "diff old.bmr new.bmr --name A",
        "diff old.bmr new.bmr --name A=Nothing",
        "diff old.bmr new.bmr --tolerance -1",
        "diff old.bmr new.bmr --tolerance much",
        "diff old.bmr new.bmr more.bmr",
        "diff old.bmr absent.bmr",
      })
  void troubleIsStatusTwo(String line) {
    diff("R = A", "R = A");
    CommandRun run = CommandRun.in(folder, line.split(" "));
    assertEquals(ExitStatus.TROUBLE, run.status(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith("error"), run.err());
  }
}
