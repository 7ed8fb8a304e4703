package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bmr check} of scripts of 10 MB in 256 MB of heap. */
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

  /** Every fiftieth step has a weight for each block, so that no two blocks are alike. */
  private static String chainWithLists() {
    var script = new StringBuilder("TEMP000000 = OpenBra\n");
    for (int i = 1; i <= DEFINITIONS; i++) {
      if (i % 50 == 0) {
        script.append(
            "TEMP%06d = TEMP%06d x (1-alpha) + sxd x alpha\n    alpha = (0.%d"
                .formatted(i, i - 1, i % 97));
        for (int block = 1; block < 26; block++) {
          script.append(", 0.").append((i + 7 * block) % 100);
        }
        script.append(")\n");
      } else {
        script.append(
            "TEMP%06d = TEMP%06d x 0.9 + OpenBra x 0.1 # one more step of a long chain of them all\n"
                .formatted(i, i - 1));
      }
    }
    return script.append("save TEMP%06d\n".formatted(DEFINITIONS)).toString();
  }

  private String check(String script) throws Exception {
    return check(script, "-Xmx256m");
  }

  private String check(String script, String heap) throws Exception {
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
            heap,
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

  @Test
  void aChainWithBlockLists() throws Exception {
    String said = check(chainWithLists());
    assertTrue(said.contains("100,001 definitions over 2 model files, 1 note"), said);
  }

  @Test
  void aSumOfAHundredThousandTerms() throws Exception {
    // the parser holds one statement whole: 1.2 million tokens
    String sum = "R = OpenBra" + " + (sxd - OpenBra) x 0.00001".repeat(DEFINITIONS) + "\n";
    String said = check(sum, "-Xmx1g");
    assertTrue(said.contains("1 definition over 2 model files, no problems"), said);
  }

  @Test
  void aDefinitionOfFiveThousandWeights() throws Exception {
    int weights = 5_000;
    var script = new StringBuilder("R = OpenBra");
    for (int i = 0; i < weights; i++) {
      script.append(" + (sxd - OpenBra) x w").append(i);
    }
    for (int i = 0; i < weights; i++) {
      script.append("\n  w").append(i).append(" = {OUT00: 0.0001}");
    }
    String said = check(script.append("\n").toString());
    assertTrue(said.contains("1 definition over 2 model files, no problems"), said);
  }
}
