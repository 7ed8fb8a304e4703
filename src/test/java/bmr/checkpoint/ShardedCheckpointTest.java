package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.diagnostic.Problem;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in several files. */
class ShardedCheckpointTest {
  private static final String FIRST = "m-00001-of-00002.safetensors";
  private static final String SECOND = "m-00002-of-00002.safetensors";

  @TempDir private Path folder;

  private void shards() throws IOException {
    SampleFiles.write(
        folder.resolve(FIRST),
        List.of(
            new TensorInfo("a", DType.U8, Shape.of(3)), new TensorInfo("b", DType.U8, Shape.of(2))),
        Map.of("format", "pt"),
        new byte[] {1, 2, 3, 4, 5});
    SampleFiles.write(
        folder.resolve(SECOND),
        List.of(new TensorInfo("c", DType.F8_E4M3, Shape.of(2))),
        Map.of("format", "other", "more", "x"),
        new byte[] {6, 7});
  }

  private Path index(String map) throws IOException {
    return Files.writeString(
        folder.resolve("m.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":7},\"weight_map\":" + map + "}");
  }

  private static String entry(String key, String file) {
    return "\"" + key + "\":\"" + file + "\"";
  }

  private static String map(String... entries) {
    return "{" + String.join(",", entries) + "}";
  }

  @Test
  void severalFilesAreOneModel() throws IOException {
    shards();
    Path path = index(map(entry("c", SECOND), entry("a", FIRST), entry("b", FIRST)));
    try (Checkpoint model = Checkpoint.open(path)) {
      assertEquals("m", model.name());
      assertEquals(List.of("a", "b", "c"), List.copyOf(model.tensors().keySet()));
      assertEquals(Map.of("format", "pt", "more", "x"), model.metadata());
      assertEquals(
          Files.size(path) + Files.size(folder.resolve(FIRST)) + Files.size(folder.resolve(SECOND)),
          model.size());
      for (var expected :
          Map.of("a", new byte[] {1, 2, 3}, "b", new byte[] {4, 5}, "c", new byte[] {6, 7})
              .entrySet()) {
        var bytes = ByteBuffer.allocate(expected.getValue().length);
        model.read(bytes, model.stored().get(expected.getKey()).position());
        assertEquals(ByteBuffer.wrap(expected.getValue()), bytes.flip());
      }
      // a read from one file into the next
      long from = model.stored().get("b").position();
      long to = model.stored().get("c").position() + 2;
      var bytes = ByteBuffer.allocate((int) (to - from));
      model.read(bytes, from);
      assertTrue(!bytes.hasRemaining());
      assertEquals(4, bytes.get(0));
      assertEquals(7, bytes.get(bytes.limit() - 1));
    }
  }

  @Test
  void indexAndFilesMustGoTogether() throws IOException {
    shards();
    String a = entry("a", FIRST);
    String b = entry("b", FIRST);
    String c = entry("c", SECOND);
    var text = new StringBuilder();
    for (String map :
        List.of(
            map(a, b, entry("c", "../" + SECOND)),
            map(a, b, entry("c", "sub\\\\" + SECOND)),
            map(a, b, entry("c", "m.ckpt")),
            map(a, b, entry("c", "gone.safetensors")),
            map(a, b, c, entry("d", SECOND)),
            map(a, c),
            map(a, entry("b", SECOND), c),
            map(a, b, c, entry("\\u0061", SECOND)),
            "{}",
            "[]",
            "{\"a\":1}",
            "{")) {
      text.append(refusal(index(map)));
    }
    Path none = Files.writeString(folder.resolve("n.safetensors.index.json"), "{}");
    text.append(refusal(none));
    text.append(refusal(Files.writeString(none, "not JSON")));
    text.append(refusal(Files.write(none, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})));
    text.append(refusal(Files.writeString(none, "{}{}")));
    text.append(refusal(folder.resolve("gone.safetensors.index.json")));
    Golden.check("checkpoint/shards.golden", text.toString());
  }

  private String refusal(Path path) {
    Problem problem = SampleFiles.problemOf(path);
    return problem.code() + " " + problem.message().replace(folder.toString(), "FOLDER") + "\n";
  }

  @Test
  void theLibraryListsTheIndexAndNotItsFiles() throws IOException {
    shards();
    index(map(entry("a", FIRST), entry("b", FIRST), entry("c", SECOND)));
    Files.copy(folder.resolve(FIRST), folder.resolve("other-00001-of-00002.safetensors"));
    ModelLibrary library = ModelLibrary.of(List.of(folder));
    assertEquals(List.of("m", "other-00001-of-00002"), library.names());
    assertEquals(
        folder.resolve("m.safetensors.index.json"), library.findExactly("m").orElseThrow().path());
  }
}
