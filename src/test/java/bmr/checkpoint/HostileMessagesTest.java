package bmr.checkpoint;

import bmr.Golden;
import bmr.SharedData;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a person reads for each file that others made to break readers. */
class HostileMessagesTest {
  @Test
  void eachSafetensorsFileGetsItsMessage() throws IOException {
    report("safetensors", "checkpoint/hostile-safetensors.golden");
  }

  @Test
  void eachPickleGetsItsMessage() throws IOException {
    report("pickle", "checkpoint/hostile-pickles.golden");
  }

  private static void report(String kind, String golden) throws IOException {
    Path folder = SharedData.require("data/hostile").resolve(kind);
    var report = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String outcome = outcome(file).replace(folder + folder.getFileSystem().getSeparator(), "");
        report.append(file.getFileName()).append("\n  ").append(outcome).append('\n');
      }
    }
    Golden.check(golden, report.toString());
  }

  private static String outcome(Path file) {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      List<String> notes = checkpoint.notes().stream().map(HostileMessagesTest::text).toList();
      int tensors = checkpoint.tensors().size();
      return "read: %d tensor%s".formatted(tensors, tensors == 1 ? "" : "s")
          + (notes.isEmpty() ? "" : "\n  " + String.join("\n  ", notes));
    } catch (ProblemException e) {
      return text(e.diagnostics().getFirst().problem());
    }
  }

  private static String text(Problem problem) {
    return problem.code() + " " + problem.message();
  }
}
