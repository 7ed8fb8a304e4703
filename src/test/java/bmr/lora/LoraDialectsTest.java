package bmr.lora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.model.Architecture;
import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of modules of the transformers of Flux and SD 3, and of PEFT. */
class LoraDialectsTest {
  private static final int IN = 5;
  private static final int RANK = 2;

  /** A module's name with its suffixes, the tensor that it changes, and which of its rows. */
  private record Case(
      String module, String down, String up, String key, int rows, int first, int count) {
    static Case kohya(String module, String key, int rows) {
      return new Case(module, ".lora_down.weight", ".lora_up.weight", key, rows, 0, rows);
    }

    static Case peft(String module, String key, int rows, int first, int count) {
      return new Case(module, ".lora_A.weight", ".lora_B.weight", key, rows, first, count);
    }
  }

  @TempDir private Path folder;
  private final Random random = new Random(3);

  private void check(Case one) throws IOException {
    Map<String, TensorInfo> base = new LinkedHashMap<>();
    base.put(one.key(), new TensorInfo(one.key(), DType.F16, Shape.of(one.rows(), IN)));
    base.put("model.other.weight", new TensorInfo("model.other.weight", DType.F16, Shape.of(3)));
    double[] down = random.doubles(RANK * IN, -1, 1).map(value -> (float) value).toArray();
    double[] up = random.doubles(one.count() * RANK, -1, 1).map(value -> (float) value).toArray();
    List<SampleTensor> tensors = new ArrayList<>();
    tensors.add(SampleTensor.of(one.module() + one.down(), DType.F32, Shape.of(RANK, IN), down));
    tensors.add(
        SampleTensor.of(one.module() + one.up(), DType.F32, Shape.of(one.count(), RANK), up));
    Path file = folder.resolve("lora.safetensors");
    SampleFile.write(file, tensors, Map.of());
    try (LoraCheckpoint lora = LoraCheckpoint.of("x", Checkpoint.open(file), base)) {
      assertEquals(1, lora.used(), () -> one + " " + lora.unused() + " " + lora.misfits());
      StoredTensor stored = lora.stored().get(one.key());
      assertTrue(stored != null, one.key());
      ByteBuffer buffer =
          ByteBuffer.allocate(one.rows() * IN * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      lora.read(buffer, stored.position());
      for (int i = 0; i < one.rows() * IN; i++) {
        int row = i / IN - one.first();
        double expected = 0;
        for (int r = 0; r < RANK && row >= 0 && row < one.count(); r++) {
          expected += up[row * RANK + r] * down[r * IN + i % IN];
        }
        assertEquals(expected, buffer.getFloat(i * Float.BYTES), 1e-6, one + " element " + i);
      }
    }
  }

  @Test
  void flux() throws IOException {
    for (String prefix : List.of("model.diffusion_model.", "")) {
      String two = prefix + "double_blocks.3.";
      String one = prefix + "single_blocks.12.";
      check(Case.kohya("lora_unet_double_blocks_3_img_attn_qkv", two + "img_attn.qkv.weight", 9));
      check(Case.kohya("lora_unet_single_blocks_12_linear1", one + "linear1.weight", 21));
      String block = "transformer.transformer_blocks.3.";
      check(Case.peft(block + "attn.to_q", two + "img_attn.qkv.weight", 9, 0, 3));
      check(Case.peft(block + "attn.add_v_proj", two + "txt_attn.qkv.weight", 9, 6, 3));
      check(Case.peft(block + "attn.to_out.0", two + "img_attn.proj.weight", 3, 0, 3));
      check(Case.peft(block + "ff_context.net.0.proj", two + "txt_mlp.0.weight", 12, 0, 12));
      String single = "transformer.single_transformer_blocks.12.";
      check(Case.peft(single + "attn.to_k", one + "linear1.weight", 21, 3, 3));
      check(Case.peft(single + "proj_mlp", one + "linear1.weight", 21, 9, 12));
      check(Case.peft(single + "proj_out", one + "linear2.weight", 3, 0, 3));
      check(Case.peft("transformer.x_embedder", prefix + "img_in.weight", 4, 0, 4));
      check(
          Case.peft(
              "diffusion_model.double_blocks.3.img_mlp.2", two + "img_mlp.2.weight", 3, 0, 3));
    }
  }

  @Test
  void sd3() throws IOException {
    String block = "model.diffusion_model.joint_blocks.7.";
    check(
        Case.kohya(
            "lora_unet_joint_blocks_7_x_block_attn_qkv", block + "x_block.attn.qkv.weight", 6));
    String there = "transformer.transformer_blocks.7.";
    check(Case.peft(there + "attn.to_k", block + "x_block.attn.qkv.weight", 6, 2, 2));
    check(Case.peft(there + "attn.add_q_proj", block + "context_block.attn.qkv.weight", 6, 0, 2));
    check(Case.peft(there + "attn2.to_v", block + "x_block.attn2.qkv.weight", 6, 4, 2));
    check(Case.peft(there + "ff.net.2", block + "x_block.mlp.fc2.weight", 4, 0, 4));
    check(
        Case.kohya(
            "lora_te3_encoder_block_1_layer_0_SelfAttention_q",
            "text_encoders.t5xxl.transformer.encoder.block.1.layer.0.SelfAttention.q.weight",
            4));
  }

  @Test
  void peftOfTheUnet() throws IOException {
    String key =
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_out.0.weight";
    String module = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0";
    check(
        new Case(
            "base_model.model." + module,
            ".lora_A.default.weight",
            ".lora_B.default.weight",
            key,
            4,
            0,
            4));
    check(
        new Case(
            "base_model.model.unet." + module, ".lora_A.weight", ".lora_B.weight", key, 4, 0, 4));
  }

  @Test
  void widthOfTheTextTellsWhatItIsFor() {
    Map<Integer, Architecture> widths =
        Map.of(768, Architecture.SD1, 1024, Architecture.SD2, 2048, Architecture.SDXL);
    widths.forEach((width, architecture) ->
        assertEquals(
            Optional.of(architecture),
            madeFor(
                "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_v.lora_down.weight",
                width)));
    assertEquals(
        Optional.of(Architecture.FLUX),
        madeFor("lora_unet_double_blocks_0_img_attn_proj.lora_down.weight", 3072));
    assertEquals(Optional.empty(), madeFor("lora_unet_conv_in.lora_down.weight", 768));
  }

  private static Optional<Architecture> madeFor(String key, int width) {
    TensorInfo info = new TensorInfo(key, DType.F16, Shape.of(RANK, width));
    return LoraOrigin.of(List.of(new StoredTensor(key, info, 0)));
  }
}
