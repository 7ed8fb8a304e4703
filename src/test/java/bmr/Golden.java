package bmr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Expected texts in files under {@code src/test/resources/bmr}. A missing one is written and fails;
 * {@code -Dbmr.golden=update} rewrites those that differ.
 */
public final class Golden {
  private static final Path ROOT = Path.of("src/test/resources/bmr");

  private Golden() {}

  /** Compares a text with the expectation in a file, given relative to the root. */
  public static void check(String file, String actual) {
    Path path = ROOT.resolve(file);
    String text = actual.replace("\r\n", "\n");
    try {
      if (!Files.exists(path)) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        fail("no expectation stood in " + path + "; it has been written: look at it");
      }
      String expected = Files.readString(path).replace("\r\n", "\n");
      if (!expected.equals(text) && "update".equals(System.getProperty("bmr.golden"))) {
        Files.writeString(path, text);
        return;
      }
      assertEquals(expected, text, () -> "differs from " + path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
