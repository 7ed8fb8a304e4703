package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiffusersOutputTest {
  private static final String U = "model.diffusion_model.";
  private static final String G = "conditioner.embedders.1.model.";
  @TempDir private static Path samples;
  private final Map<String, Path> models = new TreeMap<>();

  @BeforeAll
  void models() throws IOException {
    for (String kind : List.of("sd1", "sdxl")) {
      CommandRun made = CommandRun.in(samples, "sample", kind, "--architecture", kind);
      assertEquals(0, made.status(), made.err());
      try (Stream<Path> files = Files.list(samples.resolve(kind))) {
        Path model =
            files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList().get(0);
        models.put(kind, model);
        configuration(kind, model);
      }
    }
  }

  private static void configuration(String kind, Path model) throws IOException {
    Path folder = Files.createDirectories(samples.resolve("config-" + kind));
    try (Checkpoint file = Checkpoint.open(model)) {
      var shape = file.tensors().get(U + "input_blocks.0.0.weight").shape();
      String attention =
          U
              + (kind.equals("sd1") ? "input_blocks.1.1." : "input_blocks.4.1.")
              + "transformer_blocks.0.attn2.to_k.weight";
      write(
          folder.resolve("unet/config.json"),
          "{\"in_channels\": %d, \"block_out_channels\": [%d], \"cross_attention_dim\": %d}"
              .formatted(
                  shape.dimension(1),
                  shape.dimension(0),
                  file.tensors().get(attention).shape().dimension(1)));
    }
    write(
        folder.resolve("model_index.json"),
        """
        {"_class_name": "P", "safety_checker": ["stable_diffusion", "C"],
         "requires_safety_checker": true, "tokenizer": ["transformers", "CLIPTokenizer"],
         "unet": ["diffusers", "UNet2DConditionModel"]}
        """);
    write(folder.resolve("tokenizer/vocab.json"), "{\"a\": 0}");
    write(folder.resolve("unet/diffusion_pytorch_model.safetensors"), "not copied");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private CommandRun convert(String kind, String out, String... more) {
    String[] first = {"convert", models.get(kind).toString(), out, "--layout", "diffusers"};
    return CommandRun.in(
        samples, Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new));
  }

  private static byte[] bytes(Checkpoint file, String key) throws IOException {
    StoredTensor tensor = file.stored().get(key);
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.info().bytes());
    file.read(bytes, tensor.position());
    return bytes.array();
  }

  @Test
  void thereAndBackEachTensorIsTheSame() throws IOException {
    for (String kind : models.keySet()) {
      CommandRun run = convert(kind, "out-" + kind, "--config", "config-" + kind);
      assertEquals(0, run.status(), run.err());
      CommandRun back =
          CommandRun.in(samples, "convert", "out-" + kind, kind + "-back.safetensors");
      assertEquals(0, back.status(), back.err());
      int same = 0;
      try (Checkpoint one = Checkpoint.open(models.get(kind));
          Checkpoint other = Checkpoint.open(samples.resolve(kind + "-back.safetensors"))) {
        for (String key : other.tensors().keySet()) {
          if (!key.endsWith("position_ids")) {
            assertEquals(one.tensors().get(key), other.tensors().get(key));
            assertArrayEquals(bytes(one, key), bytes(other, key), key);
            same++;
          }
        }
        for (String key : one.tensors().keySet()) {
          boolean network = key.startsWith(U) || key.startsWith("first_stage_model.");
          assertTrue(!network || other.tensors().containsKey(key), key);
        }
      }
      assertTrue(same > 600, () -> kind);
    }
  }

  @Test
  void fusedAndTurnedMatricesAreTakenApart() throws IOException {
    assertEquals(0, convert("sdxl", "apart", "--config", "config-sdxl").status());
    try (Checkpoint one = Checkpoint.open(models.get("sdxl"));
        Checkpoint text =
            Checkpoint.openFile(samples.resolve("apart/text_encoder_2/model.safetensors"))) {
      byte[] fused = bytes(one, G + "transformer.resblocks.5.attn.in_proj_weight");
      int third = fused.length / 3;
      for (int i = 0; i < 3; i++) {
        String key = "text_model.encoder.layers.5.self_attn." + "qkv".charAt(i) + "_proj.weight";
        assertArrayEquals(Arrays.copyOfRange(fused, i * third, (i + 1) * third), bytes(text, key));
      }
      byte[] plain = bytes(one, G + "text_projection");
      byte[] turned = bytes(text, "text_projection.weight");
      var shape = one.tensors().get(G + "text_projection").shape();
      int rows = (int) shape.dimension(0);
      int columns = (int) shape.dimension(1);
      int width = plain.length / rows / columns;
      for (int i = 0; i < plain.length; i++) {
        int row = i / width / columns;
        int column = i / width % columns;
        assertEquals(plain[i], turned[(column * rows + row) * width + i % width]);
      }
    }
  }

  @Test
  void configurationIsTakenOverAndNamesOnlyWhatIsThere() throws IOException {
    assertEquals(0, convert("sd1", "configured", "--config", "config-sd1").status());
    Path out = samples.resolve("configured");
    Golden.check("cli/diffusers-index.golden", Files.readString(out.resolve("model_index.json")));
    assertEquals("{\"a\": 0}", Files.readString(out.resolve("tokenizer/vocab.json")));
    assertTrue(Files.size(out.resolve("unet/diffusion_pytorch_model.safetensors")) > 1000);
  }

  @Test
  void theSameTwiceIsTheSameAndNothingIsLeftBeside() throws IOException {
    assertEquals(0, convert("sd1", "twice", "--config", "config-sd1").status());
    Path file = samples.resolve("twice/unet/diffusion_pytorch_model.safetensors");
    byte[] first = Files.readAllBytes(file);
    assertEquals(1, convert("sd1", "twice", "--config", "config-sd1").status());
    assertEquals(0, convert("sd1", "twice", "--config", "config-sd1", "--overwrite").status());
    assertArrayEquals(first, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(samples)) {
      assertFalse(files.anyMatch(one -> one.toString().endsWith(".part")));
    }
  }

  @Test
  void otherFoldersAndUnknownConfigurationsAreRefused() throws IOException {
    write(samples.resolve("mine/thesis.txt"), "text");
    CommandRun strange = convert("sd1", "mine", "--config", "config-sd1", "--overwrite");
    CommandRun shrunken = convert("sd1", "own");
    write(samples.resolve("wide/model_index.json"), "{}");
    write(
        samples.resolve("wide/unet/config.json"),
        Files.readString(samples.resolve("config-sd1/unet/config.json"))
            .replace("\"in_channels\": 4", "\"in_channels\": 9"));
    CommandRun wrong = convert("sd1", "own", "--config", "wide");
    Golden.check("cli/diffusers-refused.golden", strange.err() + shrunken.err() + wrong.err());
    assertEquals("text", Files.readString(samples.resolve("mine/thesis.txt")));
    assertFalse(Files.exists(samples.resolve("own")));
  }
}
