package bmr.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Coverage-guided fuzzing of whatever reads strangers' bytes, one target a run: {@code
 * src/fuzz/run}. Jazzer starts from the folder that it is given and adds what reaches new code.
 */
class ReadersFuzzTest {
  private static final Path FOLDER = folder();

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("bmr-fuzz");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @FuzzTest(maxDuration = "")
  void safetensors(byte[] bytes) throws IOException {
    FuzzTarget.SAFETENSORS.read(FOLDER, bytes);
  }

  @FuzzTest(maxDuration = "")
  void header(byte[] bytes) throws IOException {
    FuzzTarget.HEADER.read(FOLDER, bytes);
  }

  @FuzzTest(maxDuration = "")
  void torch(byte[] bytes) throws IOException {
    FuzzTarget.TORCH.read(FOLDER, bytes);
  }

  @FuzzTest(maxDuration = "")
  void pickle(byte[] bytes) throws IOException {
    FuzzTarget.PICKLE.read(FOLDER, bytes);
  }

  @FuzzTest(maxDuration = "")
  void index(byte[] bytes) throws IOException {
    FuzzTarget.INDEX.read(FOLDER, bytes);
  }

  @FuzzTest(maxDuration = "")
  void metadata(byte[] bytes) throws IOException {
    FuzzTarget.METADATA.read(FOLDER, bytes);
  }
}
