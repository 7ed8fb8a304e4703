package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectationTest {
  private static final String MIX =
      """
      MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3
      save MIX f16
      """;

  @TempDir private Path folder;

  @BeforeEach
  void models() {
    SampleFolder.fill(folder);
  }

  private CommandRun bmr(String command, String checks, String... more) {
    SampleFolder.write(folder, "mix.bmr", MIX + checks);
    String[] arguments = new String[more.length + 5];
    arguments[0] = command;
    arguments[1] = "mix.bmr";
    arguments[2] = "--models";
    arguments[3] = "models";
    arguments[4] = "--memory=1GB";
    System.arraycopy(more, 0, arguments, 5, more.length);
    if (command.equals("check")) {
      arguments = java.util.Arrays.copyOf(arguments, 4);
    }
    return CommandRun.in(folder, arguments);
  }

  private boolean isWritten() {
    return Files.exists(folder.resolve("MIX.safetensors"));
  }

  @Test
  void whatHoldsIsSaidInALineEach() {
    CommandRun run =
        bmr(
            "run",
            """
            require cosine(MIX, OpenBra) >= 50%
            expect distance(MIX, MIX, OUT) <= 0
            expect cosine(MIX, MIX, "*attn1*", VAE) ≥ 1
            expect distance(MIX, sxd_10Pruned, IN00~IN05 OUT) relative to OpenBra > 0.69
            expect relative_distance(MIX, sxd_10Pruned) relative to OpenBra < 0.71
            """,
            "--no-cache");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(isWritten());
    assertTrue(run.out().contains("expect distance(MIX, MIX, OUT) <= 0: 0.0000\n"), run.out());
    assertTrue(run.out().contains("expect cosine(MIX, MIX, *attn1*, VAE) >= 1: 1.0000\n"));
    // MIX - OpenBra is 0.3 of the other difference: exactly 0.7 of it is left
    assertTrue(
        run.out()
            .contains(
                "expect distance(MIX, sxd_10Pruned, IN00~IN05, OUT) relative to OpenBra > 0.69:"
                    + " 0.7000\n"),
        run.out());
  }

  @Test
  void whatIsExpectedAndFalseIsWrittenAndSaid() {
    CommandRun run =
        bmr(
            "run",
            "expect relative_distance(MIX, sxd_10Pruned) relative to OpenBra < 10%\n",
            "--no-cache");
    assertEquals(ExitStatus.FAULT, run.status());
    assertTrue(isWritten());
    Golden.check("cli/expect-unmet.golden", run.err());
  }

  @Test
  void whatIsRequiredAndFalseIsNotWritten() {
    CommandRun run =
        bmr(
            "run",
            """
            require cosine(MIX, OpenBra, OUT) relative to sxd_10Pruned >= 99%
            require distance(MIX, sxd_10Pruned, OUT) relative to OpenBra <= 0.5
            """,
            "--no-cache");
    assertEquals(ExitStatus.FAULT, run.status());
    assertFalse(isWritten());
    Golden.check("cli/require-unmet.golden", run.err());
  }

  @Test
  void mistakesAreFoundBeforeAnythingIsRead() {
    CommandRun run =
        bmr(
            "check",
            """
            expect cosin(MIX, OpenBra) >= 50%
            expect wonder(MIX, OpenBra) >= 50%
            expect relative_cosine(MIX, OpenBra) >= 50%
            expect norm_ratio(MIX, OpenBra) relative to sxd_10Pruned >= 50%
            expect cosine(MIX, OpenBra) >= 98.5
            expect cosine(MIX, OpenBro) >= 98.5%
            expect cosine(MIX, OpenBra, OUT99) >= 98.5%
            expect cosine(MIX, OpenBra) = 98.5%
            expect cosine(MIX, OpenBra)
            """);
    assertEquals(ExitStatus.FAULT, run.status());
    Golden.check("cli/expect-mistakes.golden", run.err());
  }

  @Test
  void onlyWhatSpeaksOfTheWantedModelIsAsked() {
    CommandRun run =
        bmr(
            "run",
            """
            OTHER = OpenBra x 0.5 + sxd_10Pruned x 0.5
            save OTHER
            require cosine(MIX, OpenBra) < 0
            expect distance(OTHER, OTHER) <= 0
            """,
            "--no-cache",
            "--only",
            "OTHER");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().endsWith("expect distance(OTHER, OTHER) <= 0: 0.0000\n"), run.out());
    assertFalse(run.out().contains("MIX"), run.out());
  }

  @Test
  void thePlanListsThem() {
    String check = "require cosine(MIX, \"OpenBra\", OUT) >= 99.9%\n";
    CommandRun plan = bmr("plan", check);
    assertTrue(plan.out().endsWith("\n\n" + check), plan.out() + plan.err());
    CommandRun run = bmr("run", check, "--dry-run");
    assertEquals(ExitStatus.DONE, run.status());
    assertTrue(run.out().endsWith("\n\n" + check), run.out());
    assertFalse(isWritten());
  }
}
