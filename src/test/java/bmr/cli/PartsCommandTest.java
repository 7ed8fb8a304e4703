package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.workspace.ExampleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Components of models through the commands. */
class PartsCommandTest {
  private static final String MIX =
      """
      R = A x 0.75 + clip(B) x 0.25
      save R as "r.safetensors" f16 unet: bf16, vae: C as f32
      """;

  @TempDir private Path folder;

  private CommandRun run(String script, String... arguments) throws IOException {
    ExampleModels.write(Files.createDirectories(folder.resolve("models")));
    Files.writeString(folder.resolve("recipe.bmr"), script);
    return CommandRun.in(folder, arguments);
  }

  private CommandRun diff(String old, String now) throws IOException {
    Files.writeString(folder.resolve("old.bmr"), old + "\nsave R f16\n");
    Files.writeString(folder.resolve("new.bmr"), now + "\nsave R f16\n");
    return CommandRun.in(folder, "diff", "old.bmr", "new.bmr");
  }

  private void same(String old, String now) throws IOException {
    CommandRun run = diff(old, now);
    assertEquals(ExitStatus.DONE, run.status(), run.out() + run.err());
  }

  @Test
  void aPlanShowsWhatIsLeft() throws IOException {
    CommandRun plan = run(MIX, "plan", "recipe.bmr", "--models", "models");
    assertEquals(ExitStatus.DONE, plan.status(), plan.err());
    Golden.check("cli/parts-plan.golden", plan.out().replaceAll("\nmemory .*", ""));
    CommandRun run = run(MIX, "run", "recipe.bmr", "--models", "models");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    assertTrue(Files.exists(folder.resolve("r.safetensors")));
  }

  @Test
  void aComponentIsAWeightOfItsBlocks() throws IOException {
    same("R = A x 0.7 + clip(B) x 0.3", "R = A x (1-w) + B x w, w = {CLIP: 0.3}");
    same("R = A + (vae(B) - vae(A))", "R = A x (1-w) + B x w, w = {VAE: 1}");
    same("R = unet(A) | clip(B) | vae(C)", "R = vae(C) | clip(B) | unet(A)");
    same("R = slerp(A, unet(B), 0.3)", "R = slerp(A, B, w), w = {UNET: 0.3}");
    assertEquals(1, diff("R = A x 0.7 + clip(B) x 0.3", "R = A x 0.7 + vae(B) x 0.3").status());
    assertEquals(1, diff("R = A x 0.7 + B x 0.3", "R = A x 0.7 + clip(B) x 0.3").status());
  }

  @Test
  void otherToolsHaveNoComponents() throws IOException {
    CommandRun export =
        run(
            "R = A x 0.75 + clip(B) x 0.25\n",
            "export",
            "recipe.bmr",
            "--models",
            "models",
            "--to",
            "mergekit");
    assertEquals(1, export.status(), export.out());
    assertTrue(export.err().contains("clip"), export.err());
  }

  @Test
  void emaOfAFileWithoutCopies() throws IOException {
    CommandRun check =
        run("R = ema(A) x 0.5 + B x 0.5\n", "check", "recipe.bmr", "--models", "models");
    Golden.check("cli/parts-no-ema.golden", check.err());
  }
}
