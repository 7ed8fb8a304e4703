package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.model.Architecture;
import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SD 3 and Flux in all their spellings, and networks alone, in one formula. */
class TransformerMergeTest {
  private static final String UNET = "model.diffusion_model.";
  private static final String LAST = UNET + "final_layer.adaLN_modulation.1.weight";
  @TempDir private Path folder;

  private static byte[] bytes(Checkpoint file, String key) throws IOException {
    StoredTensor tensor = file.stored().get(key);
    if (tensor == null) {
      throw new AssertionError("no " + key);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.info().bytes());
    file.read(bytes, tensor.position());
    return bytes.array();
  }

  private static void same(Checkpoint expected, Checkpoint actual) throws IOException {
    assertEquals(
        expected.tensors().keySet().stream().sorted().toList(),
        actual.tensors().keySet().stream().sorted().toList());
    for (String key : expected.tensors().keySet()) {
      assertEquals(expected.tensors().get(key), actual.tensors().get(key));
      assertArrayEquals(bytes(expected, key), bytes(actual, key), key);
    }
    assertEquals(List.of(), actual.notes());
    assertEquals(expected.architecture(), actual.architecture());
  }

  private void agree(TransformerLayouts one, TransformerLayouts other, Architecture architecture)
      throws IOException {
    Path wholes = folder.resolve("wholes");
    Path mixed = folder.resolve("mixed");
    Path folders = folder.resolve("folders");
    Path bare = folder.resolve("bare");
    one.writeWhole(wholes.resolve("A.safetensors"));
    other.writeWhole(wholes.resolve("B.safetensors"));
    one.writeFolder(folders.resolve("A"));
    other.writeFolder(folders.resolve("B"));
    one.writeFolder(mixed.resolve("A"));
    other.writeWhole(mixed.resolve("B.safetensors"));
    one.writeBare(bare.resolve("A.safetensors"));
    other.writeFolder(bare.resolve("B"));
    try (Checkpoint whole = Checkpoint.open(wholes.resolve("A.safetensors"));
        Checkpoint model = Checkpoint.open(folders.resolve("A"))) {
      assertEquals(architecture, whole.architecture());
      same(whole, model);
    }
    Path alone = folders.resolve("A/transformer/diffusion_pytorch_model.safetensors");
    try (Checkpoint network = Checkpoint.open(alone);
        Checkpoint same = Checkpoint.open(bare.resolve("A.safetensors"))) {
      assertEquals(one.bare().size(), same.tensors().size());
      assertTrue(same.tensors().keySet().stream().allMatch(key -> key.startsWith(UNET)));
      same(same, network);
    }
    String formula = "M = A x 0.3 + B x 0.7";
    Merged expected = Merged.of(wholes, formula);
    for (Path place : List.of(folders, mixed)) {
      Merged actual = Merged.of(place, formula);
      for (SampleTensor tensor : one.whole()) {
        String key = tensor.info().key();
        assertArrayEquals(expected.bytes(key), actual.bytes(key), key);
        assertEquals(expected.info(key), actual.info(key));
      }
    }
    // a bare network and a folder: what one has not is the other's
    Merged half = Merged.of(bare, "M = A x 0.3 + B x 0.7");
    assertArrayEquals(expected.bytes(LAST), half.bytes(LAST));
    Path networksAlone = folder.resolve("networks");
    one.writeBare(networksAlone.resolve("A.safetensors"));
    other.writeBare(networksAlone.resolve("B.safetensors"));
    Merged networks = Merged.of(networksAlone, "M = A x 0.3 + B x 0.7");
    for (SampleTensor tensor : one.bare()) {
      String key = UNET + tensor.info().key();
      assertArrayEquals(expected.bytes(key), networks.bytes(key), key);
    }
  }

  @Test
  void flux() throws IOException {
    var one = TransformerLayouts.flux(1);
    assertEquals(780, one.bare().size());
    agree(one, TransformerLayouts.flux(2), Architecture.FLUX);
  }

  @Test
  void sd3Medium() throws IOException {
    agree(TransformerLayouts.sd3(3, 24, 0), TransformerLayouts.sd3(4, 24, 0), Architecture.SD3);
  }

  @Test
  void sd35() throws IOException {
    agree(TransformerLayouts.sd3(5, 24, 13), TransformerLayouts.sd3(6, 24, 13), Architecture.SD3);
  }

  @Test
  void sd35LargeHasItsOwnLastBlock() throws IOException {
    var model = TransformerLayouts.sd3(7, 38, 0);
    model.writeFolder(folder.resolve("large"));
    model.writeWhole(folder.resolve("large.safetensors"));
    try (Checkpoint whole = Checkpoint.open(folder.resolve("large.safetensors"));
        Checkpoint large = Checkpoint.open(folder.resolve("large"))) {
      same(whole, large);
    }
  }

  private void write(String file, SampleTensor... tensors) throws IOException {
    SampleFile.write(folder.resolve(file + ".safetensors"), List.of(tensors), Map.of());
  }

  private static SampleTensor tensor(String key, double value, long... shape) {
    double[] values = new double[(int) Shape.of(shape).elements()];
    java.util.Arrays.fill(values, value);
    return SampleTensor.of(key, DType.F32, Shape.of(shape), values);
  }

  @Test
  void bareNetworksStandWithWholeModels() throws IOException {
    TinyModel.sd1("A").write(folder);
    write(
        "net",
        tensor("input_blocks.0.0.weight", 1, 2, 4, 3, 3),
        tensor("middle_block.0.in_layers.2.weight", 0.5, 2, 3),
        tensor("input_blocks.11.0.in_layers.2.weight", 0.5, 2, 3));
    try (Checkpoint net = Checkpoint.open(folder.resolve("net.safetensors"))) {
      assertEquals(Architecture.SD1, net.architecture());
      assertTrue(net.tensors().containsKey(TinyModel.MID));
    }
    write(
        "control",
        tensor("input_blocks.0.0.weight", 1, 2, 4, 3, 3),
        tensor("zero_convs.0.0.weight", 1, 2));
    try (Checkpoint control = Checkpoint.open(folder.resolve("control.safetensors"))) {
      assertTrue(control.tensors().containsKey("input_blocks.0.0.weight"));
    }
  }

  @Test
  void textEncodersAloneBecomePartsOfTheirModels() throws IOException {
    String norm = "text_model.encoder.layers.0.layer_norm1.weight";
    write("L", tensor(norm, 1, 768), tensor("text_model.final_layer_norm.bias", 1, 2));
    write("G", tensor(norm, 1, 1280), tensor("text_model.final_layer_norm.bias", 1, 2));
    String sd1 = "cond_stage_model.transformer.text_model.final_layer_norm.bias";
    write(
        "One",
        tensor("model.diffusion_model.input_blocks.11.0.in_layers.2.weight", 1, 2),
        tensor(sd1, 3, 2));
    write(
        "XL",
        tensor("model.diffusion_model.input_blocks.8.0.in_layers.2.weight", 1, 2),
        tensor("model.diffusion_model.label_emb.0.0.weight", 1, 2),
        tensor(TinyModel.CLIPL, 3, 2),
        tensor(TinyModel.CLIPG, 3, 2));
    assertArrayEquals(
        new double[] {2, 2}, Merged.of(folder, "M = clip(One) x 0.5 + L x 0.5").values(sd1));
    assertArrayEquals(
        new double[] {2, 2}, Merged.of(folder, "M = XL x 0.5 + L x 0.5").values(TinyModel.CLIPL));
    assertArrayEquals(
        new double[] {2, 2}, Merged.of(folder, "M = XL x 0.5 + G x 0.5").values(TinyModel.CLIPG));
    assertTrue(Merged.codes(folder, "M = One x 0.5 + G x 0.5").contains("BMR0660"));
    // alone they keep their names
    Merged two = Merged.of(folder, "M = L x 0.5 + L x 0.5");
    assertTrue(two.has("text_model.final_layer_norm.bias"));
  }

  @Test
  void indicesOfVariants() throws IOException {
    Path shard = folder.resolve("m.fp16-00001-of-00001.safetensors");
    SampleFile.write(
        shard, List.of(tensor("double_blocks.0.img_attn.qkv.weight", 1, 3, 1)), Map.of());
    Path index = folder.resolve("m.safetensors.index.fp16.json");
    Files.writeString(
        index,
        "{\"weight_map\": {\"double_blocks.0.img_attn.qkv.weight\": \""
            + shard.getFileName()
            + "\"}}");
    try (Checkpoint model = Checkpoint.open(index)) {
      assertEquals("m", model.name());
      assertEquals(Architecture.FLUX, model.architecture());
    }
    // the shard is no model of its own beside its index
    assertTrue(
        Merged.of(folder, "M = m x 0.5 + m x 0.5")
            .has(UNET + "double_blocks.0.img_attn.qkv.weight"));
  }
}
