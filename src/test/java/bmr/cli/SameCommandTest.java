package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void models() {
    SampleFolder.fill(folder);
  }

  private void make(String formula, String... file) {
    var arguments = new java.util.ArrayList<>(java.util.List.of("run", "--models", "models", "-q"));
    arguments.addAll(java.util.List.of("-e", formula));
    arguments.addAll(java.util.List.of(file));
    CommandRun run = CommandRun.in(folder, arguments.toArray(String[]::new));
    assertEquals(ExitStatus.DONE, run.status(), run.err());
  }

  private void assertSays(String line, int status, String left, String right) {
    CommandRun same = CommandRun.in(folder, "same", left, right);
    assertEquals(line + "\n", same.out(), same.err());
    assertEquals(status, same.status());
  }

  @Test
  void whatIsWrittenInTwoTypesIsEqualButForRounding() {
    String mix = "MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3\nsave MIX ";
    make(mix + "f16", "-o", "half.safetensors");
    make(mix + "f32", "-o", "full.safetensors");
    make(mix + "f32 vae: OpenBra", "-o", "baked.safetensors");
    make(
        "MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3 + (OpenBra - sxd_10Pruned) x {IN03: 0.01}\n"
            + "save MIX f16",
        "-o",
        "other.safetensors");
    assertSays("identical: 1131 tensors", 0, "half.safetensors", "half.safetensors");
    CommandRun rounded = CommandRun.in(folder, "same", "half.safetensors", "full.safetensors");
    assertEquals(ExitStatus.DONE, rounded.status(), rounded.out());
    assertTrue(rounded.out().contains("equal but for rounding"), rounded.out());
    CommandRun baked = CommandRun.in(folder, "same", "full.safetensors", "baked.safetensors");
    assertEquals(ExitStatus.DIFFERENT, baked.status());
    assertTrue(
        baked.out().startsWith("text encoder: identical; U-Net: identical; VAE: "), baked.out());
    assertTrue(baked.out().endsWith(" differ\n"), baked.out());
    CommandRun other = CommandRun.in(folder, "same", "half.safetensors", "other.safetensors");
    assertEquals(ExitStatus.DIFFERENT, other.status());
    assertTrue(other.out().startsWith("text encoder: identical; U-Net: "), other.out());
    assertTrue(other.out().endsWith("; VAE: identical\n"), other.out());
  }

  @Test
  void noModelIsTrouble() throws IOException {
    Files.writeString(folder.resolve("no.safetensors"), "nothing");
    CommandRun run = CommandRun.in(folder, "same", "no.safetensors", "no.safetensors");
    assertEquals(ExitStatus.TROUBLE, run.status());
    assertEquals("", run.out());
  }
}
