package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.Golden;
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

  private String same(int status, String left, String right) {
    CommandRun run = CommandRun.in(folder, "same", left + ".safetensors", right + ".safetensors");
    assertEquals(status, run.status(), run.out() + run.err());
    return run.out();
  }

  @Test
  void roundingAndOtherDifferencesAreToldByComponent() {
    String mix = "MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3\nsave MIX ";
    make(mix + "f16", "-o", "half.safetensors");
    make(mix + "f32", "-o", "full.safetensors");
    make(mix + "f16 unet", "-o", "network.safetensors");
    make(mix + "f32 vae: OpenBra", "-o", "baked.safetensors");
    make(
        "MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3 + (OpenBra - sxd_10Pruned) x {IN03: 0.01}\n"
            + "save MIX f16",
        "-o",
        "other.safetensors");
    Golden.check(
        "cli/same.golden",
        same(ExitStatus.DONE, "half", "half")
            + same(ExitStatus.DONE, "half", "full")
            + same(ExitStatus.DIFFERENT, "full", "baked")
            + same(ExitStatus.DIFFERENT, "half", "other")
            + same(ExitStatus.DIFFERENT, "half", "network"));
  }

  @Test
  void noModelIsTrouble() throws IOException {
    Files.writeString(folder.resolve("no.safetensors"), "nothing");
    CommandRun run = CommandRun.in(folder, "same", "no.safetensors", "no.safetensors");
    assertEquals(ExitStatus.TROUBLE, run.status());
    assertEquals("", run.out());
  }
}
