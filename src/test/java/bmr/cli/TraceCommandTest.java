package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
  private static final String MIX =
      """
      models "models"
      MIX = OpenBra x (0.9 - w) + Evt_V4_e04_ema x 0.1
          + (sxd_10Pruned - v1-5-pruned-emaonly) x 0.2 + epicrealism_newAge x w
          w = {OUT: 0.15, else 0.3}
      save MIX as "mix.safetensors" f16
      """;

  @TempDir private Path folder;

  @BeforeEach
  void models() {
    SampleFolder.fill(folder);
    SampleFolder.write(folder, "mix.bmr", MIX);
    assertEquals(ExitStatus.DONE, CommandRun.in(folder, "run", "mix.bmr").status());
  }

  @Test
  void findsAMergeByBlocksAndWritesARecipeThatRuns() throws IOException {
    CommandRun run =
        CommandRun.in(
            folder, "trace", "mix.safetensors", "--from", "models", "--no-cache", "-o", "f.bmr");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Golden.check(
        "cli/trace.golden",
        run.out() + "---\n" + run.err() + "---\n" + Files.readString(folder.resolve("f.bmr")));
    CommandRun again = CommandRun.in(folder, "run", "f.bmr", "-o", "again.safetensors");
    assertEquals(ExitStatus.DONE, again.status(), again.err());
    CommandRun compared =
        CommandRun.in(folder, "compare", "again.safetensors", "mix.safetensors", "--no-cache");
    assertTrue(compared.out().contains("total  100.0000%    0.0000"), compared.out());
  }

  @Test
  void saysTheSameAsJson() {
    CommandRun run =
        CommandRun.in(
            folder, "trace", "mix.safetensors", "--from", "models", "--no-cache", "--json");
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    Golden.check("cli/trace-json.golden", ShortFigures.of(run.out()));
  }

  @Test
  void explainsBadInput() throws IOException {
    Files.copy(folder.resolve("mix.safetensors"), folder.resolve("models/copy.safetensors"));
    Files.createDirectories(folder.resolve("empty"));
    Files.writeString(folder.resolve("broken.safetensors"), "no model");
    assertEquals(0, CommandRun.in(folder, "sample", "xl", "--architecture", "sdxl").status());
    assertTrue(trace(1, "--from", "empty").contains("BMR0870"));
    String itself = trace(1, "--from", "mix.safetensors");
    assertTrue(itself.contains("BMR0874") && itself.contains("BMR0870"), itself);
    String foreign = trace(1, "--from", "xl", "broken.safetensors");
    assertTrue(foreign.contains("BMR0872") && foreign.contains("SDXL"), foreign);
    String copy = trace(0, "--from", "models/copy.safetensors", "models/OpenBra.safetensors");
    assertTrue(copy.contains("every tensor equals that of copy"), copy);
    String base = trace(0, "--from", "models/OpenBra.safetensors", "--models", "models");
    assertTrue(base.contains("BMR0875"), base);
  }

  private String trace(int status, String... from) {
    var arguments = new ArrayList<>(List.of("trace", "mix.safetensors", "--no-cache"));
    arguments.addAll(List.of(from));
    CommandRun run = CommandRun.in(folder, arguments.toArray(String[]::new));
    assertEquals(status, run.status(), run.err());
    return run.out() + run.err();
  }
}
