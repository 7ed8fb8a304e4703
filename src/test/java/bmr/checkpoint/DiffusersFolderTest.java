package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.diagnostic.DialectProblem;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.Problem;
import bmr.model.Architecture;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffusersFolderTest {
  private static final String QUERY = "text_model.encoder.layers.0.self_attn.q_proj.weight";
  private static final String KEY = QUERY.replace("q_proj", "k_proj");
  private static final String VALUE = QUERY.replace("q_proj", "v_proj");
  private static final String G = "conditioner.embedders.1.model.";

  @TempDir private Path folder;

  @BeforeEach
  void index() throws IOException {
    Files.writeString(folder.resolve("model_index.json"), "{}");
  }

  private static TensorInfo tensor(String key, long... shape) {
    return new TensorInfo(key, DType.F16, Shape.of(shape));
  }

  private byte[] write(String file, TensorInfo... tensors) throws IOException {
    long size = Arrays.stream(tensors).mapToLong(TensorInfo::bytes).sum();
    byte[] data = new byte[(int) size];
    new Random(file.hashCode()).nextBytes(data);
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    SampleFiles.write(path, List.of(tensors), Map.of(), data);
    return data;
  }

  private static byte[] bytes(Checkpoint model, String key) throws IOException {
    Checkpoint.StoredTensor stored = model.stored().get(key);
    if (stored == null) {
      throw new AssertionError(key + " is not in " + model.tensors().keySet());
    }
    var buffer = ByteBuffer.allocate((int) stored.info().bytes());
    model.read(buffer, stored.position());
    return buffer.array();
  }

  private Problem problem() {
    return SampleFiles.problemOf(folder);
  }

  @Test
  void anyRangeOfAnyTensor() throws IOException {
    int rows = 700;
    int columns = 900;
    byte[] data =
        write(
            "text_encoder_2/model.safetensors",
            tensor(QUERY, 5, 3),
            tensor(KEY, 5, 3),
            tensor(VALUE, 5, 3),
            tensor("text_projection.weight", columns, rows));
    byte[] turned = new byte[rows * columns * 2];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int to = (row * columns + column) * 2;
        int from = 90 + (column * rows + row) * 2;
        turned[to] = data[from];
        turned[to + 1] = data[from + 1];
      }
    }
    long seed = new Random().nextLong();
    var random = new Random(seed);
    try (Checkpoint model = Checkpoint.open(folder)) {
      String fused = G + "transformer.resblocks.0.attn.in_proj_weight";
      assertArrayEquals(Arrays.copyOf(data, 90), bytes(model, fused));
      assertEquals(List.of(15L, 3L), model.tensors().get(fused).shape().dimensions());
      assertEquals(
          List.of((long) rows, (long) columns),
          model.tensors().get(G + "text_projection").shape().dimensions());
      assertArrayEquals(turned, bytes(model, G + "text_projection"));
      byte[] all = Arrays.copyOf(data, 90 + turned.length);
      System.arraycopy(turned, 0, all, 90, turned.length);
      for (int i = 0; i < 60; i++) {
        int start = random.nextInt(i % 2 == 0 ? 100 : all.length);
        int most = i % 3 == 0 ? 50 : all.length;
        int length = random.nextInt(Math.min(most, all.length - start) + 1);
        var buffer = ByteBuffer.allocate(length + 4).position(2).limit(length + 2);
        model.read(buffer, start);
        assertEquals(length + 2, buffer.position(), "seed " + seed);
        assertArrayEquals(
            Arrays.copyOfRange(all, start, start + length),
            Arrays.copyOfRange(buffer.array(), 2, length + 2),
            "from " + start + ", " + length + " bytes, seed " + seed);
      }
      assertThrows(EOFException.class, () -> model.read(ByteBuffer.allocate(1), all.length));
    }
  }

  @Test
  void fusedTensorsNeedAllThreeAlike() throws IOException {
    write("text_encoder_2/model.safetensors", tensor(QUERY, 5, 3), tensor(VALUE, 5, 3));
    assertEquals("BMR0491", problem().code());
    write(
        "text_encoder_2/model.safetensors",
        tensor(QUERY, 5, 3),
        tensor(KEY, 5, 4),
        tensor(VALUE, 5, 3));
    assertEquals(
        "query, key and value differ in type or shape",
        ((DialectProblem.FusedTensor) problem()).reason());
  }

  @Test
  void whichFileOfANetworkIsTaken() throws IOException {
    String unet = "unet/diffusion_pytorch_model";
    var conv = tensor("conv_in.weight", 2, 4, 3, 3);
    var chosen = new ArrayList<String>();
    for (String name :
        List.of(
            ".non_ema.safetensors",
            ".fp16-00001-of-00001.safetensors",
            ".fp16.safetensors",
            "-00002-of-00002.safetensors")) {
      write(unet + name, name.startsWith("-") ? tensor("conv_out.bias", 4) : conv);
      if (name.startsWith("-")) {
        assertEquals(
            new FileProblem.FileMissing(folder.resolve(unet + "-00001-of-00002.safetensors")),
            problem());
        write(unet + "-00001-of-00002.safetensors", conv);
      }
      if (!name.startsWith(".non")) {
        try (Checkpoint model = Checkpoint.open(folder)) {
          model.parts().forEach(part -> chosen.add(String.valueOf(part.file().getFileName())));
        }
      }
    }
    assertEquals(
        List.of(
            "diffusion_pytorch_model.fp16-00001-of-00001.safetensors",
            "diffusion_pytorch_model.fp16.safetensors",
            "diffusion_pytorch_model-00001-of-00002.safetensors",
            "diffusion_pytorch_model-00002-of-00002.safetensors"),
        chosen);
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    assertEquals("BMR0490", problem().code());
    Files.createDirectories(folder.resolve("unet"));
    assertEquals("BMR0490", problem().code());
    write("unet/diffusion_pytorch_model.non_ema.safetensors", tensor("conv_in.bias", 2));
    assertEquals("BMR0490", problem().code());
    Files.createDirectories(folder.resolve("transformer"));
    assertEquals(
        "its `transformer` is not that of SD 3 or Flux, or has no weights",
        ((DialectProblem.NoNetwork) problem()).reason());
  }

  @Test
  void strangeKeysStayAndAreNamed() throws IOException {
    write(
        "unet/diffusion_pytorch_model.safetensors",
        tensor("conv_in.bias", 2),
        tensor("adapter.a", 2),
        tensor("adapter.b", 2));
    try (Checkpoint model = Checkpoint.open(folder)) {
      assertEquals(List.of(new DialectProblem.StrangeKeys(folder, "adapter.a", 2)), model.notes());
      assertEquals(
          List.of(
              "model.diffusion_model.input_blocks.0.0.bias",
              "model.diffusion_model.adapter.a",
              "model.diffusion_model.adapter.b"),
          List.copyOf(model.tensors().keySet()));
    }
  }

  @Test
  void refinerAndNetworksAlone() throws IOException {
    write(
        "unet/diffusion_pytorch_model.safetensors",
        tensor("add_embedding.linear_1.weight", 2, 2),
        tensor("time_embedding.linear_1.weight", 2, 2),
        tensor("down_blocks.3.resnets.1.conv1.weight", 2, 2),
        tensor("down_blocks.3.resnets.0.conv1.weight", 2, 2));
    write("text_encoder_2/model.safetensors", tensor("text_model.final_layer_norm.bias", 2));
    write(
        "vae/alone.safetensors", tensor("decoder.up_blocks.0.resnets.0.conv1.weight", 2, 2, 3, 3));
    try (Checkpoint model = Checkpoint.open(folder)) {
      assertEquals(Architecture.SDXL_REFINER, model.architecture());
      assertEquals(
          true, model.tensors().containsKey("conditioner.embedders.0.model.ln_final.bias"));
    }
    try (Checkpoint unet =
        Checkpoint.open(folder.resolve("unet/diffusion_pytorch_model.safetensors"))) {
      assertEquals(true, unet.tensors().containsKey("model.diffusion_model.label_emb.0.0.weight"));
      assertEquals("diffusion_pytorch_model", unet.name());
    }
    try (Checkpoint vae = Checkpoint.open(folder.resolve("vae/alone.safetensors"))) {
      assertEquals(
          List.of("first_stage_model.decoder.up.3.block.0.conv1.weight"),
          List.copyOf(vae.tensors().keySet()));
    }
  }

  @Test
  void architecturesBesideTheModel() throws IOException {
    write("own/a.safetensors", tensor("blocks.0.attn", 2), tensor("blocks.1.attn", 2));
    Path file = folder.resolve("own/a.safetensors");
    try (Checkpoint model = Checkpoint.open(file)) {
      assertEquals(Architecture.LAYERS, model.architecture());
    }
    Path description = folder.resolve("own/mine.architecture");
    Files.writeString(description, "name Mine\nwhen\n has blocks.#.attn\nIN00..IN05 blocks.#.*\n");
    try (Checkpoint model = Checkpoint.open(file)) {
      assertEquals("Mine", model.architecture().label());
      assertEquals(
          List.of("blocks.0.attn", "blocks.1.attn"), List.copyOf(model.tensors().keySet()));
    }
    Files.writeString(description, "name SDXL\nwhen\n has blocks.#.attn\n");
    assertEquals("BMR0493", SampleFiles.problemOf(file).code());
    Files.writeString(description, "name x\nhas y\n");
    assertEquals(
        new DialectProblem.ArchitectureLine(
            description, 2, "`has` and `lacks` stand below a `when`"),
        SampleFiles.problemOf(file));
    Files.write(description, new byte[] {(byte) 0xff});
    assertEquals("BMR0493", SampleFiles.problemOf(file).code());
  }
}
