package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chain as long as 10 MB allow, in a JVM with a small heap. */
@Tag("slow")
class LongChainTest {
  private static final int DEFINITIONS = 100_000;

  @Test
  void parsesInABoundedHeap(@TempDir Path folder) throws Exception {
    var script = new StringBuilder("TEMP0 = A x 0.5 + B x 0.5\n");
    for (int i = 1; i < DEFINITIONS; i++) {
      script
          .append("TEMP")
          .append(i - 1)
          .append(" + (Evt_V4_e04_ema - v1-5-pruned-emaonly) x alpha = TEMP")
          .append(i)
          .append("\n  alpha = 0.08\n");
    }
    Path file = folder.resolve("chain.bmr");
    Files.writeString(file, script);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path output = folder.resolve("output");
    int status =
        new ProcessBuilder(
                java.toString(),
                "-Xmx256m",
                "-cp",
                String.join(File.pathSeparator, List.of(System.getProperty("java.class.path"))),
                LongChainTest.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, status, said);
    assertEquals(DEFINITIONS + " statements, 0 problems", said.strip());
  }

  /** The child process. */
  public static void main(String[] arguments) {
    Parsed parsed = Parser.parse(Parser.read(Path.of(arguments[0]), "chain.bmr"));
    System.out.printf(
        "%d statements, %d problems%n",
        parsed.script().statements().size(), parsed.diagnostics().size());
  }
}
