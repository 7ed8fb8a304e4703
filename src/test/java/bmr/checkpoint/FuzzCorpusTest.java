package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;

import bmr.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fuzzing begins with and what it has found, read again with every build. */
class FuzzCorpusTest {
  @TempDir Path folder;

  /** Inputs that fuzzing kept because they reached new code, or because they broke something. */
  static Path corpus(FuzzTarget target) {
    return Path.of("src/test/resources/bmr/checkpoint/fuzz", target.folder());
  }

  @Test
  void seedsComeOutAsTheyShould() throws IOException {
    var report = new StringBuilder();
    for (FuzzTarget target : FuzzTarget.values()) {
      for (var seed : target.seeds().entrySet()) {
        String outcome = target.read(folder, seed.getValue());
        report.append("%-12s %-18s %s%n".formatted(target.folder(), seed.getKey(), outcome));
      }
    }
    Golden.check("checkpoint/fuzz-seeds.golden", report.toString());
  }

  @ParameterizedTest
  @EnumSource
  void whatWasFoundStaysMended(FuzzTarget target) throws IOException {
    var inputs = new TreeMap<String, byte[]>();
    try (Stream<Path> files = Files.list(corpus(target))) {
      files.forEach(file -> inputs.put(file.getFileName().toString(), bytes(file)));
    }
    assertFalse(inputs.isEmpty());
    for (var input : inputs.entrySet()) {
      try {
        target.read(folder, input.getValue());
      } catch (RuntimeException | Error e) {
        throw new AssertionError(target.folder() + "/" + input.getKey(), e);
      }
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
