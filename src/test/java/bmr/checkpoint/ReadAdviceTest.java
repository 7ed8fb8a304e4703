package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReadAdviceTest {
  @TempDir private Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void adviceOnAnyPartOfAFileIsTaken() throws Exception {
    Path file = folder.resolve("ein Modell ü.bin");
    Files.write(file, new byte[1 << 20]);
    try (ReadAdvice advice = ReadAdvice.on(file).orElseThrow()) {
      advice.willNeed(0, 1 << 20);
      advice.willNeed(4095, 0);
      advice.willNeed(1 << 19, 1L << 30);
    }
    assertEquals(1 << 20, Files.readAllBytes(file).length);
  }

  @Test
  void aFileThatIsNotThereHasNone() {
    Optional<ReadAdvice> advice = ReadAdvice.on(folder.resolve("nothing"));
    assertTrue(advice.isEmpty());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void descriptorsAreClosed() throws Exception {
    Path file = folder.resolve("file");
    Files.write(file, new byte[10]);
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      ReadAdvice.on(file).orElseThrow().close();
    }
    assertTrue(descriptors() < before + 10);
  }

  private static long descriptors() throws Exception {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }
}
