package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.workspace.ExampleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts whose models are not there, or not known yet. */
class PlanWithoutFilesTest {
  @TempDir private static Path place;

  @BeforeAll
  static void scripts() throws IOException {
    ExampleModels.write(Files.createDirectory(place.resolve("models")));
    Files.createDirectory(place.resolve("none"));
    Files.writeString(
        place.resolve("far.bmr"),
        "TEMP_1 = Nowhere x 0.5 + Gone x 0.5\nBig = TEMP_1 x 0.9 + Gone x 0.1\n");
    Files.writeString(
        place.resolve("open.bmr"),
        "model \"NAI full\" = ?\n"
            + "R = \"NAI full\" x 0.5 + A x 0.5\n"
            + "S = A x 0.5 + B x 0.5\n"
            + "save S\n");
    Files.writeString(
        place.resolve("needed.bmr"), "model \"NAI full\" = ?\nR = \"NAI full\" x 0.5 + A x 0.5\n");
  }

  @Test
  void aPlanNeedsNoFiles() {
    CommandRun run = CommandRun.in(place, "plan", "far.bmr", "--models", "none");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().contains("all blocks: 0.55·Gone + 0.45·Nowhere"), run.out());
    assertTrue(run.err().contains("note[BMR0151]: no file is called `Nowhere`"), run.err());
    assertFalse(run.err().contains("error"), run.err());
  }

  @Test
  void aDefinitionIsFoundLoosely() {
    for (String name : new String[] {"TEMP_1", "temp1", "Temp-1"}) {
      CommandRun run = CommandRun.in(place, "plan", "far.bmr", name, "--models", "none");
      assertEquals(ExitStatus.DONE, run.status(), run.err());
      assertTrue(run.out().startsWith("TEMP_1: SD 1.x\n"), run.out());
    }
  }

  @Test
  void modelsThatAreNotKnownYetArePlanned() {
    CommandRun run = CommandRun.in(place, "plan", "needed.bmr", "--models", "models");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(run.out().contains("0.5·\"NAI full\""), run.out());
  }

  @Test
  void weightsThatAreToBeFoundAreNotPlanned() throws IOException {
    Files.writeString(
        place.resolve("fit.bmr"), "Whole = A x 0.5 + B x 0.5\nPart = Whole x (1 - ?w) + A x ?w\n");
    for (String folder : new String[] {"none", "models"}) {
      CommandRun part = CommandRun.in(place, "plan", "fit.bmr", "Part", "--models", folder);
      assertEquals(ExitStatus.FAULT, part.status(), part.out());
      assertTrue(
          part.err().contains("error[BMR0850]: `Part` has weights that are to be found yet: `?w`"),
          part.err());
      CommandRun json = CommandRun.in(place, "plan", "fit.bmr", "--json", "--models", folder);
      assertTrue(json.err().contains("BMR0850"), json.err());
      CommandRun whole = CommandRun.in(place, "plan", "fit.bmr", "Whole", "--models", folder);
      assertEquals(ExitStatus.DONE, whole.status(), whole.err());
    }
  }

  @Test
  void checkWantsTheFilesOfWhatIsSaved() {
    CommandRun open = CommandRun.in(place, "check", "open.bmr", "--models", "models");
    assertEquals(ExitStatus.DONE, open.status(), open.err());
    assertTrue(open.err().contains("warning[BMR0150]"), open.err());
    CommandRun needed = CommandRun.in(place, "check", "needed.bmr", "--models", "models");
    assertFalse(needed.status() == ExitStatus.DONE, needed.err());
    assertTrue(needed.err().contains("error[BMR0150]: the file of `NAI full`"), needed.err());
    assertEquals(1, needed.err().split("error\\[", -1).length - 1, needed.err());
  }

  @Test
  void mistakesInClausesOfAFormulaAreSaid() {
    CommandRun run =
        CommandRun.in(
            place, "run", "-e", "A x (1-w) + B x w, w = (0,1)", "--models", "models", "-o", "x");
    assertTrue(run.err().startsWith("error[BMR0005]: `0,1` has a comma"), run.err());
  }
}
