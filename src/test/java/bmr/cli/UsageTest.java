package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "frobnicate",
        "--frobnicate",
        "help frobnicate",
        "run",
        "run --frobnicate",
        "run a.bmr b.bmr",
        "run a.bmr -e A",
        "run -e A",
        "run a.bmr --all --only X",
        "run a.bmr --all -o x.safetensors",
        "run a.bmr --threads 0",
        "run a.bmr --threads many",
        "run a.bmr --memory much",
        "run a.bmr --memory 0",
        "run a.bmr --set alpha",
        "run a.bmr --metadata some",
        "check",
        "plan",
        "models",
        "inspect",
        "compare a",
        "compare a b --on NOWHERE",
        "compare a b --on OUT05-OUT03",
        "sample",
        "sample x --scale huge",
        "sample x --architecture sd9",
        "demo extra",
      })
  void wrongUsageIsStatusTwo(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    CommandRun run = CommandRun.in(folder, arguments);
    assertEquals(ExitStatus.USAGE, run.status(), run.err());
    if (arguments.length > 0) {
      assertEquals("", run.out());
      assertTrue(run.err().startsWith("error: "), run.err());
      assertTrue(run.err().contains("--help"), run.err());
      assertTrue(!run.err().contains("Exception"), run.err());
    }
  }

  @Test
  void mistypedCommandsGetASuggestion() {
    assertTrue(CommandRun.in(folder, "plna").err().contains("did you mean `plan`"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check nothing.bmr",
        "run nothing.bmr",
        "plan nothing.bmr",
        "inspect nothing.safetensors",
        "models nowhere",
        "compare nothing.safetensors nothing.safetensors",
      })
  void absentFilesAreStatusOne(String line) {
    CommandRun run = CommandRun.in(folder, line.split(" "));
    assertEquals(ExitStatus.FAULT, run.status(), run.err());
    assertTrue(run.err().startsWith("error[BMR"), run.err());
    assertTrue(run.err().contains("`no"), run.err());
  }

  @Test
  void theVersionIsTold() {
    CommandRun run = CommandRun.in(folder, "--version");
    assertEquals(ExitStatus.DONE, run.status());
    assertTrue(run.out().matches("bmr \\d+\\.\\d+\\.\\d+\\S*\n"), run.out());
  }
}
