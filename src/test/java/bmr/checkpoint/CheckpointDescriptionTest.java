package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.checkpoint.CheckpointDescription.Count;
import bmr.checkpoint.CheckpointDescription.TypeUse;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.TensorRole;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDescriptionTest {
  private static final String UNET = "model.diffusion_model.";
  private static final String OLD_IDS = "cond_stage_model.transformer.embeddings.position_ids";
  private static final String IDS =
      "cond_stage_model.transformer.text_model.embeddings.position_ids";

  @TempDir Path folder;

  /** As coarse as a test needs it. */
  private static final BlockMap MAP =
      new BlockMap() {
        @Override
        public String name() {
          return "test";
        }

        @Override
        public Place place(Architecture architecture, String key) {
          if (key.startsWith(UNET)) {
            return new Place(Block.in(0), Part.UNET, true);
          }
          Part part =
              key.startsWith("first_stage_model.")
                  ? Part.VAE
                  : key.startsWith("cond_stage_model.") ? Part.CLIP : Part.OTHER;
          return new Place(Block.BASE, part, true);
        }
      };

  private static TensorRole role(String key) {
    if (key.startsWith("model_ema.")) {
      return TensorRole.EMA;
    }
    if (key.startsWith("loss.")) {
      return TensorRole.TRAINING;
    }
    return key.equals("v_pred") ? TensorRole.MARKER : TensorRole.BLENDED;
  }

  private CheckpointDescription describe(TensorInfo... tensors) throws IOException {
    int bytes = (int) Arrays.stream(tensors).mapToLong(TensorInfo::bytes).sum();
    Path file = folder.resolve("sample.safetensors");
    SampleFiles.write(file, List.of(tensors), Map.of("format", "pt"), new byte[bytes]);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      return CheckpointDescription.of(checkpoint, MAP, CheckpointDescriptionTest::role);
    }
  }

  private static TensorInfo tensor(String key, DType dtype, long... dimensions) {
    return new TensorInfo(key, dtype, Shape.of(dimensions));
  }

  @Test
  void everythingIsCounted() throws IOException {
    var description =
        describe(
            tensor(UNET + "input_blocks.0.0.weight", DType.F16, 2, 9, 3, 3),
            tensor(
                UNET + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight",
                DType.F16,
                1,
                768),
            tensor(OLD_IDS, DType.F32, 1, 77),
            tensor("model_ema.decay", DType.F32),
            tensor("model_ema.w", DType.F32, 5),
            tensor("loss.logvar", DType.F32),
            tensor("v_pred", DType.F16, 0));
    assertEquals("sample", description.name());
    assertEquals(Architecture.SD1, description.architecture());
    assertEquals(FileContent.MODEL, description.content());
    assertEquals(
        Map.of(
            DType.F16, new TypeUse(3, 2 * (162 + 768)),
            DType.F32, new TypeUse(1, 4 * 77)),
        description.types());
    assertEquals("F16, some F32", description.typeLabel());
    assertEquals(
        Map.of(
            Part.UNET, new Count(2, 162 + 768),
            Part.CLIP, new Count(1, 77),
            Part.OTHER, new Count(1, 0)),
        description.parts());
    assertEquals(
        Map.of(Block.in(0), new Count(2, 162 + 768), Block.BASE, new Count(2, 77)),
        description.blocks());
    assertTrue(description.isInpainting());
    assertFalse(description.isInstructPix2Pix());
    assertFalse(description.hasVae());
    assertTrue(description.hasTextEncoder());
    assertEquals(Map.of("format", "pt"), description.metadata());
    assertEquals(
        List.of(
            "inpainting",
            "markers v_pred",
            "no VAE",
            "2 EMA tensors",
            "1 training tensor",
            "position_ids in F32",
            "old CLIP names"),
        description.oddities());
  }

  @Test
  void aTidyModelHasNoOddities() throws IOException {
    var description =
        describe(
            tensor(UNET + "input_blocks.0.0.weight", DType.F16, 2, 4, 3, 3),
            tensor("first_stage_model.decoder.conv_in.weight", DType.F16, 1),
            tensor(IDS, DType.I64, 1, 77));
    assertEquals(List.of(), description.oddities());
    assertEquals("F16", description.typeLabel());
  }

  @Test
  void filesOfIntegersHaveATypeToo() throws IOException {
    assertEquals("I64", describe(tensor("x", DType.I64, 2)).typeLabel());
    assertEquals("empty", describe().typeLabel());
  }

  @Test
  void contentIsToldByKeys() {
    assertEquals(FileContent.LORA, FileContent.of(Set.of("lora_unet_x.lora_up.weight")));
    assertEquals(FileContent.LORA, FileContent.of(Set.of("lora_te1_x.alpha")));
    assertEquals(FileContent.LORA, FileContent.of(Set.of("unet.x.to_k.lora_A.weight")));
    assertEquals(FileContent.VAE, FileContent.of(Set.of("decoder.up.0.block.0.norm1.weight")));
    assertEquals(FileContent.VAE, FileContent.of(Set.of("first_stage_model.encoder.mid.x")));
    assertEquals(FileContent.UNET, FileContent.of(Set.of(UNET + "out.0.bias")));
    assertEquals(FileContent.UNET, FileContent.of(Set.of("double_blocks.0.img_attn.proj.weight")));
    assertEquals(FileContent.TEXT_ENCODER, FileContent.of(Set.of("text_model.encoder.x")));
    assertEquals(FileContent.CONTROL, FileContent.of(Set.of("control_model.zero_convs.0.0.bias")));
    assertEquals(FileContent.UNKNOWN, FileContent.of(Set.of("model.layers.0.mlp.weight")));
    assertEquals(FileContent.UNKNOWN, FileContent.of(Set.of()));
  }

  @Test
  void vectorsOfAWordAreTold() {
    assertEquals(FileContent.EMBEDDING, contentOf("emb_params", 2, 768));
    assertEquals(FileContent.EMBEDDING, contentOf("string_to_param.*", 4, 1024));
    assertEquals(FileContent.EMBEDDING, contentOf("clip_g", 8, 1280));
    assertEquals(FileContent.EMBEDDING, contentOf("<cat-toy>", 768));
    assertEquals(FileContent.UNKNOWN, contentOf("<cat-toy>", 769));
    assertEquals(FileContent.UNKNOWN, contentOf("weight.bias", 768));
    assertEquals(FileContent.UNKNOWN, contentOf("emb_params", 1, 2, 768));
  }

  private static FileContent contentOf(String key, long... shape) {
    return FileContent.of(Map.of(key, new TensorInfo(key, DType.F32, Shape.of(shape))));
  }

  @Test
  void realLorasAndEmbeddingsAreTold() throws IOException {
    Path root = SharedData.require("data/tensors");
    assertContents(root.resolve("lora"), FileContent.LORA, 5);
    assertContents(root.resolve("textual_inversion"), FileContent.EMBEDDING, 2);
    assertContents(root.resolve("safetensors_real"), FileContent.UNKNOWN, 3);
  }

  private static void assertContents(Path folder, FileContent expected, int least)
      throws IOException {
    int seen = 0;
    try (var files = Files.newDirectoryStream(folder, "*.safetensors")) {
      for (Path file : files) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
          assertEquals(expected, FileContent.of(checkpoint.tensors()), file.toString());
          seen++;
        }
      }
    }
    assertTrue(seen >= least, folder + " has " + seen);
  }

  /** Headers of the real models' keys and shapes; the data is a hole that takes no room. */
  @Test
  void realKeysTellTheirArchitecture() throws IOException {
    Path keys = SharedData.require("data/metadata/keys");
    assertArchitecture(keys.resolve("sd1-ldm.tsv"), Architecture.SD1);
    assertArchitecture(keys.resolve("sdxl-sgm.tsv"), Architecture.SDXL);
  }

  private void assertArchitecture(Path table, Architecture expected) throws IOException {
    var tensors = new ArrayList<TensorInfo>();
    for (String line : Files.readAllLines(table)) {
      String[] cells = line.split("\t");
      String inner = cells[2].substring(1, cells[2].length() - 1);
      long[] shape =
          inner.isBlank()
              ? new long[0]
              : Arrays.stream(inner.split(","))
                  .mapToLong(cell -> Long.parseLong(cell.strip()))
                  .toArray();
      tensors.add(tensor(cells[1], cells[3].equals("int64") ? DType.I64 : DType.F16, shape));
    }
    var layout = SafetensorsLayout.of(tensors, Map.of());
    Path file = folder.resolve("real.safetensors");
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(layout.header());
      sparse.setLength(layout.size());
    }
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertEquals(expected, checkpoint.architecture());
      assertEquals(tensors.size(), checkpoint.tensors().size());
      assertEquals(FileContent.MODEL, FileContent.of(checkpoint.tensors()));
    }
    Files.delete(file);
  }

  @Test
  void positionTablesAreJudgedByTheirValues() throws IOException {
    ByteBuffer whole = ByteBuffer.allocate(77 * 8).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer floats = ByteBuffer.allocate(77 * 4).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer halves = ByteBuffer.allocate(77 * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 77; i++) {
      whole.putLong(i);
      floats.putFloat(i == 40 ? 39.9f : i);
      halves.putShort(Float.floatToFloat16(i));
    }
    var good = positionIds(tensor(IDS, DType.I64, 1, 77), whole.array());
    assertEquals(new PositionIds(IDS, DType.I64, PositionIds.State.GOOD), good);
    assertTrue(good.isUntouched());
    var broken = positionIds(tensor(OLD_IDS, DType.F32, 1, 77), floats.array());
    assertEquals(new PositionIds(IDS, DType.F32, PositionIds.State.BROKEN), broken);
    var half = positionIds(tensor(IDS, DType.F16, 77), halves.array());
    assertEquals(PositionIds.State.GOOD, half.state());
    assertFalse(half.isUntouched());
    var shorter = positionIds(tensor(IDS, DType.I64, 1, 3), new byte[24]);
    assertEquals(PositionIds.State.BROKEN, shorter.state());
  }

  private PositionIds positionIds(TensorInfo tensor, byte[] data) throws IOException {
    Path file = folder.resolve("ids.safetensors");
    SampleFiles.write(file, List.of(tensor), Map.of(), data);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      return PositionIds.read(checkpoint).getFirst();
    }
  }
}
