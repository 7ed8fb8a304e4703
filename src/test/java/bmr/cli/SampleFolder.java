package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with tiny sample models in {@code models} and recipes beside it. */
final class SampleFolder {
  private SampleFolder() {}

  static void fill(Path folder) {
    assertEquals(ExitStatus.DONE, CommandRun.in(folder, "sample", "models").status());
  }

  static Path write(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The recipe of the examples, in the folder. */
  static void copyBlessingMix(Path folder) {
    try {
      Files.copy(Path.of("examples/blessing-mix.bmr"), folder.resolve("blessing-mix.bmr"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
