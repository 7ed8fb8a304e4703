package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.workspace.ExampleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code bmr check} says about each script in a folder of mistakes. */
class MistakesTest {
  private static final Path FOLDER = Path.of("src/test/resources/bmr/mistakes");
  private static final int LEAST = 60;

  @TempDir private static Path place;

  @BeforeAll
  static void models() throws IOException {
    ExampleModels.write(Files.createDirectory(place.resolve("models")));
  }

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".bmr"))
          .map(name -> name.substring(0, name.length() - ".bmr".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void saysWhatIsWrong(String name) throws IOException {
    Files.copy(FOLDER.resolve(name + ".bmr"), place.resolve(name + ".bmr"));
    CommandRun run = CommandRun.in(place, "check", name + ".bmr", "--models", "models");
    Golden.check("mistakes/" + name + ".golden", run.err() + run.out());
  }

  @Test
  void thereAreManyAndNoneWithoutScript() throws IOException {
    List<String> names = names();
    assertTrue(names.size() >= LEAST, () -> names.size() + " mistakes");
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> alone =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(file -> file.endsWith(".golden"))
              .map(file -> file.substring(0, file.length() - ".golden".length()))
              .filter(file -> !names.contains(file))
              .toList();
      assertTrue(alone.isEmpty(), () -> "no script for " + alone);
    }
  }
}
