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

/** {@code compare} statements in a run. */
class ComparisonRunTest {
  @TempDir private Path folder;

  @BeforeEach
  void models() {
    SampleFolder.fill(folder);
    SampleFolder.write(
        folder,
        "mix.bmr",
        """
        MIX = OpenBra x 0.7 + sxd_10Pruned x 0.3
        HALF = MIX + (OpenBra - v1-5-pruned-emaonly) x 0.5
        save MIX f16
        save HALF f16
        compare MIX with sxd_10Pruned on OUT09-OUT11
        compare HALF with MIX on M00
        """);
  }

  private CommandRun run(String... more) {
    String[] arguments = {"run", "mix.bmr", "--models", "models", "--no-cache", "--overwrite"};
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandRun.in(folder, all);
  }

  @Test
  void tablesFollowWhatWasWritten() {
    CommandRun run = run();
    assertEquals(ExitStatus.DONE, run.status(), run.err());
    String tables = run.out().substring(run.out().indexOf("\n\n") + 2);
    Golden.check("cli/run-compare.golden", tables);
    assertTrue(Files.exists(folder.resolve("HALF.safetensors")));
  }

  @Test
  void noTablesWhereOneModelOrSilenceIsAskedFor() {
    assertFalse(run("--only", "MIX").out().contains("cosine"));
    assertEquals("", run("--quiet").out());
  }
}
