package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bmr check} of a script of 10 MB, in 2 GB of heap; the aim of 256 MB is not reached yet.
 */
@Tag("slow")
class LongScriptTest {
  private static final int DEFINITIONS = 100_000;

  @TempDir private Path folder;

  private static String chain(String base) {
    var script = new StringBuilder("TEMP000000 = OpenBra\n");
    for (int i = 1; i <= DEFINITIONS; i++) {
      script.append(
          "TEMP%06d = TEMP%06d x 0.9 + OpenBra x 0.1 + (%s - OpenBra) x 0.1 # step\n"
              .formatted(i, i - 1, base));
    }
    return script.append("save TEMP%06d\n".formatted(DEFINITIONS)).toString();
  }

  private String check(String script) throws Exception {
    Path models = folder.resolve("models");
    Files.createDirectory(models);
    for (String name : new String[] {"OpenBra", "sxd"}) {
      TinyModel.sd1(name).write(models);
    }
    Path file = folder.resolve("long.bmr");
    Files.writeString(file, script);
    Path output = folder.resolve("output");
    new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx2g",
            "-cp",
            System.getProperty("java.class.path"),
            "bmr.cli.Main",
            "check",
            file.toString(),
            "--models",
            models.toString())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
    return read(output);
  }

  private static String read(Path output) throws IOException {
    return Files.readString(output);
  }

  @Test
  void aChainOverModelsThatAreThere() throws Exception {
    String said = check(chain("sxd"));
    assertTrue(said.contains("100,001 definitions over 2 model files"), said);
  }

  @Test
  void aMissingModelIsSaidOnce() throws Exception {
    String said = check(chain("nowhere"));
    assertTrue(said.contains("`nowhere`, here and in 99,999 more places"), said);
    assertEquals(1, said.split("error\\[BMR0102]", -1).length - 1, said);
  }
}
