package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;

/** Small files for the tests of this package. */
final class SampleFiles {
  private SampleFiles() {}

  /** A file of a header as given and so many bytes of data, which count up. */
  static byte[] bytes(String header, int data) {
    return bytes(header.getBytes(UTF_8), data);
  }

  static byte[] bytes(byte[] header, int data) {
    var buffer = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(header.length).put(header);
    for (int i = 0; i < data; i++) {
      buffer.put((byte) i);
    }
    return buffer.array();
  }

  /** A file in the project's own layout, its data as given. */
  static Path write(Path file, List<TensorInfo> tensors, Map<String, String> metadata, byte[] data)
      throws IOException {
    byte[] header = SafetensorsLayout.of(tensors, metadata).header();
    byte[] all = new byte[header.length + data.length];
    System.arraycopy(header, 0, all, 0, header.length);
    System.arraycopy(data, 0, all, header.length, data.length);
    return Files.write(file, all);
  }

  /** The one problem that opening a file ends in. */
  static Problem problemOf(Path file) {
    return problem(() -> Checkpoint.open(file).close());
  }

  static Problem problem(org.junit.jupiter.api.function.Executable action) {
    var thrown = Assertions.assertThrows(ProblemException.class, action);
    Assertions.assertEquals(1, thrown.diagnostics().size());
    return thrown.diagnostics().getFirst().problem();
  }
}
