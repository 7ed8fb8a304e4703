package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.workspace.TransformerLayouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SD 3 and Flux as folders of Diffusers, compared with folders that the test writes by hand. */
class TransformerOutputTest {
  @TempDir private Path folder;

  private void configuration(String transformer) throws IOException {
    Path config = Files.createDirectories(folder.resolve("config"));
    Files.writeString(config.resolve("model_index.json"), "{\"_class_name\": \"P\"}");
    Files.createDirectories(config.resolve("transformer"));
    Files.writeString(config.resolve("transformer/config.json"), transformer);
  }

  private CommandRun convert() {
    return CommandRun.in(
        folder,
        "convert",
        "model.safetensors",
        "written",
        "--layout",
        "diffusers",
        "--config",
        "config",
        "--overwrite");
  }

  /** Tensors by name: type, shape, bytes. */
  private static Map<String, String> contents(Path file) throws IOException {
    var contents = new TreeMap<String, String>();
    try (Checkpoint model = Checkpoint.openFile(file)) {
      for (StoredTensor tensor : model.stored().values()) {
        var bytes = ByteBuffer.allocate((int) tensor.info().bytes());
        model.read(bytes, tensor.position());
        String hex = java.util.HexFormat.of().formatHex(bytes.array());
        contents.put(
            tensor.storedKey(), tensor.info().dtype() + " " + tensor.info().shape() + " " + hex);
      }
    }
    return contents;
  }

  private void written(TransformerLayouts model) throws IOException {
    model.writeWhole(folder.resolve("model.safetensors"));
    model.writeFolder(folder.resolve("expected"));
    CommandRun run = convert();
    assertEquals(0, run.status(), run.err());
    for (String network : model.networks().keySet()) {
      String file = network + (network.startsWith("text") ? "/model" : "/diffusion_pytorch_model");
      assertEquals(
          contents(folder.resolve("expected/" + file + ".safetensors")),
          contents(folder.resolve("written/" + file + ".safetensors")));
    }
    CommandRun back = CommandRun.in(folder, "convert", "written", "back.safetensors");
    assertEquals(0, back.status(), back.err());
    assertEquals(
        contents(folder.resolve("model.safetensors")),
        contents(folder.resolve("back.safetensors")));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("config/transformer/config.json")),
        Files.readAllBytes(folder.resolve("written/transformer/config.json")));
  }

  @Test
  void flux() throws IOException {
    configuration("{\"num_layers\": 19, \"num_single_layers\": 38, \"joint_attention_dim\": 4}");
    written(TransformerLayouts.flux(8));
  }

  @Test
  void sd3() throws IOException {
    configuration("{\"num_layers\": 24, \"joint_attention_dim\": 4}");
    written(TransformerLayouts.sd3(9, 24, 13));
    configuration("{\"num_layers\": 38, \"joint_attention_dim\": 4}");
    CommandRun other = convert();
    assertEquals(1, other.status());
    assertTrue(other.err().contains("BMR0652"), other.err());
    assertTrue(
        other.err().contains("`num_layers` of `transformer/config.json` is 38, the model's is 24"),
        other.err());
  }
}
