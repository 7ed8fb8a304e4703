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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model as a single file and as a folder of Diffusers, both written out by this test's rules. */
class DiffusersMergeTest {
  @TempDir private Path folder;

  /** One model in both layouts. */
  private static final class TwoLayouts {
    private final Random random;
    private final List<SampleTensor> single = new ArrayList<>();
    private final Map<String, List<SampleTensor>> networks = new LinkedHashMap<>();

    TwoLayouts(long seed) {
      random = new Random(seed);
    }

    double[] numbers(int count) {
      return random.ints(count, -127, 128).mapToDouble(i -> i / 64.0).toArray();
    }

    void both(String network, String diffusers, String ldm, Shape there, Shape here) {
      double[] values = numbers((int) there.elements());
      put(network, diffusers, there, values);
      single.add(SampleTensor.of(ldm, DType.F16, here, values));
    }

    void both(String network, String diffusers, String ldm) {
      both(network, diffusers, ldm, Shape.of(2, 3), Shape.of(2, 3));
    }

    void put(String network, String key, Shape shape, double... values) {
      networks
          .computeIfAbsent(network, name -> new ArrayList<>())
          .add(SampleTensor.of(key, DType.F16, shape, values));
    }

    void unet(int levels, boolean... attention) {
      String u = "model.diffusion_model.";
      both(
          "unet",
          "conv_in.weight",
          u + "input_blocks.0.0.weight",
          Shape.of(2, 4, 3, 3),
          Shape.of(2, 4, 3, 3));
      both("unet", "time_embedding.linear_1.bias", u + "time_embed.0.bias");
      both("unet", "time_embedding.linear_2.bias", u + "time_embed.2.bias");
      both("unet", "conv_norm_out.bias", u + "out.0.bias");
      both("unet", "conv_out.bias", u + "out.2.bias");
      int in = 1;
      for (int level = 0; level < levels; level++) {
        for (int layer = 0; layer < 2; layer++) {
          block("down_blocks." + level, layer, u + "input_blocks." + in++, attention[level]);
        }
        if (level < levels - 1) {
          both(
              "unet",
              "down_blocks." + level + ".downsamplers.0.conv.bias",
              u + "input_blocks." + in++ + ".0.op.bias");
        }
      }
      block("mid_block", 0, u + "middle_block", true);
      both("unet", "mid_block.resnets.1.norm2.bias", u + "middle_block.2.out_layers.0.bias");
      int out = 0;
      for (int level = 0; level < levels; level++) {
        boolean attends = attention[levels - 1 - level];
        for (int layer = 0; layer < 3; layer++) {
          block("up_blocks." + level, layer, u + "output_blocks." + out++, attends);
        }
        if (level < levels - 1) {
          both(
              "unet",
              "up_blocks." + level + ".upsamplers.0.conv.bias",
              u + "output_blocks." + (out - 1) + (attends ? ".2" : ".1") + ".conv.bias");
        }
      }
    }

    private void block(String diffusers, int layer, String ldm, boolean attention) {
      String resnet = diffusers + ".resnets." + layer;
      both("unet", resnet + ".norm1.weight", ldm + ".0.in_layers.0.weight");
      both("unet", resnet + ".conv1.weight", ldm + ".0.in_layers.2.weight");
      both("unet", resnet + ".time_emb_proj.weight", ldm + ".0.emb_layers.1.weight");
      both("unet", resnet + ".norm2.weight", ldm + ".0.out_layers.0.weight");
      both("unet", resnet + ".conv2.weight", ldm + ".0.out_layers.3.weight");
      both("unet", resnet + ".conv_shortcut.weight", ldm + ".0.skip_connection.weight");
      if (attention) {
        String other = diffusers + ".attentions." + layer;
        for (String same : List.of("norm.bias", "transformer_blocks.0.attn2.to_k.weight")) {
          both("unet", other + "." + same, ldm + ".1." + same);
        }
        both("unet", other + ".proj_in.weight", ldm + ".1.proj_in.weight");
      }
    }

    void vae() {
      String v = "first_stage_model.";
      both("vae", "quant_conv.bias", v + "quant_conv.bias");
      both("vae", "encoder.conv_norm_out.bias", v + "encoder.norm_out.bias");
      both(
          "vae",
          "decoder.mid_block.attentions.0.to_k.weight",
          v + "decoder.mid.attn_1.k.weight",
          Shape.of(3, 2),
          Shape.of(3, 2, 1, 1));
      both(
          "vae",
          "decoder.mid_block.attentions.0.group_norm.bias",
          v + "decoder.mid.attn_1.norm.bias");
      both("vae", "encoder.mid_block.resnets.1.conv1.bias", v + "encoder.mid.block_2.conv1.bias");
      both(
          "vae",
          "encoder.down_blocks.2.downsamplers.0.conv.bias",
          v + "encoder.down.2.downsample.conv.bias");
      for (int level = 0; level < 4; level++) {
        both(
            "vae",
            "encoder.down_blocks." + level + ".resnets.0.conv1.weight",
            v + "encoder.down." + level + ".block.0.conv1.weight");
        both(
            "vae",
            "decoder.up_blocks." + level + ".resnets.2.conv_shortcut.weight",
            v + "decoder.up." + (3 - level) + ".block.2.nin_shortcut.weight");
      }
      both(
          "vae",
          "decoder.up_blocks.0.upsamplers.0.conv.bias",
          v + "decoder.up.3.upsample.conv.bias");
    }

    void clip(String beginning) {
      for (String key :
          List.of(
              "embeddings.token_embedding.weight",
              "encoder.layers.0.self_attn.q_proj.bias",
              "final_layer_norm.bias")) {
        both("text_encoder", "text_model." + key, beginning + "text_model." + key);
      }
    }

    void openClip(String network, String beginning, int width, int layers) {
      both(
          network,
          "text_model.embeddings.token_embedding.weight",
          beginning + "token_embedding.weight",
          Shape.of(3, width),
          Shape.of(3, width));
      both(
          network,
          "text_model.embeddings.position_embedding.weight",
          beginning + "positional_embedding");
      both(network, "text_model.final_layer_norm.weight", beginning + "ln_final.weight");
      for (int layer = 0; layer < layers; layer++) {
        String here = beginning + "transformer.resblocks." + layer;
        String there = "text_model.encoder.layers." + layer;
        both(network, there + ".layer_norm2.bias", here + ".ln_2.bias");
        both(network, there + ".mlp.fc1.weight", here + ".mlp.c_fc.weight");
        both(network, there + ".mlp.fc2.bias", here + ".mlp.c_proj.bias");
        both(network, there + ".self_attn.out_proj.weight", here + ".attn.out_proj.weight");
        double[] all = numbers(3 * 4 * 4);
        single.add(SampleTensor.of(here + ".attn.in_proj_weight", DType.F16, Shape.of(12, 4), all));
        String[] order = {"k", "q", "v"};
        for (String one : order) {
          int from = "qkv".indexOf(one) * 16;
          put(
              network,
              there + ".self_attn." + one + "_proj.weight",
              Shape.of(4, 4),
              java.util.Arrays.copyOfRange(all, from, from + 16));
        }
      }
      double[] matrix = numbers(5 * 3);
      double[] turned = new double[15];
      for (int row = 0; row < 5; row++) {
        for (int column = 0; column < 3; column++) {
          turned[column * 5 + row] = matrix[row * 3 + column];
        }
      }
      single.add(SampleTensor.of(beginning + "text_projection", DType.F16, Shape.of(5, 3), matrix));
      put(network, "text_projection.weight", Shape.of(3, 5), turned);
    }

    void write(Path singles, Path folders, String name) throws IOException {
      Files.createDirectories(singles);
      SampleFile.write(singles.resolve(name + ".safetensors"), single, Map.of());
      Path model = Files.createDirectories(folders.resolve(name));
      Files.writeString(model.resolve("model_index.json"), "{}");
      for (Map.Entry<String, List<SampleTensor>> network : networks.entrySet()) {
        Path place = Files.createDirectories(model.resolve(network.getKey()));
        boolean text = network.getKey().startsWith("text");
        String stem = text ? "model" : "diffusion_pytorch_model";
        SampleFile.write(place.resolve(stem + ".safetensors"), network.getValue(), Map.of());
      }
    }
  }

  private static TwoLayouts sd1(long seed) {
    var model = new TwoLayouts(seed);
    model.unet(4, true, true, true, false);
    model.clip("cond_stage_model.transformer.");
    model.vae();
    return model;
  }

  private static TwoLayouts sdxl(long seed) {
    var model = new TwoLayouts(seed);
    model.unet(3, false, true, true);
    model.both(
        "unet", "add_embedding.linear_1.weight", "model.diffusion_model.label_emb.0.0.weight");
    model.both(
        "unet", "add_embedding.linear_2.weight", "model.diffusion_model.label_emb.0.2.weight");
    model.clip("conditioner.embedders.0.transformer.");
    model.openClip("text_encoder_2", "conditioner.embedders.1.model.", 4, 2);
    model.vae();
    return model;
  }

  private static TwoLayouts sd2(long seed) {
    var model = new TwoLayouts(seed);
    model.unet(4, true, true, true, false);
    model.openClip("text_encoder", "cond_stage_model.model.", 1024, 2);
    // the width of the text decides, which the small one of the other tests is not
    model.both(
        "unet",
        "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_v.weight",
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_v.weight");
    return model;
  }

  private void agree(TwoLayouts one, TwoLayouts other, Architecture architecture)
      throws IOException {
    Path singles = folder.resolve("singles");
    Path folders = folder.resolve("folders");
    Path mixed = folder.resolve("mixed");
    one.write(singles, folders, "A");
    other.write(singles, folders, "B");
    one.write(mixed, folder.resolve("unused"), "A");
    other.write(folder.resolve("unused"), mixed, "B");
    try (Checkpoint file = Checkpoint.open(singles.resolve("A.safetensors"));
        Checkpoint model = Checkpoint.open(folders.resolve("A").resolve("model_index.json"))) {
      assertEquals(
          file.tensors().keySet().stream().sorted().toList(),
          model.tensors().keySet().stream().sorted().toList());
      assertEquals(architecture, model.architecture());
      assertEquals("A", model.name());
      for (StoredTensor tensor : model.stored().values()) {
        StoredTensor same = file.stored().get(tensor.info().key());
        assertTrue(same != null && same.info().equals(tensor.info()), () -> tensor.toString());
        var made = ByteBuffer.allocate((int) tensor.info().bytes());
        var stored = ByteBuffer.allocate((int) tensor.info().bytes());
        model.read(made, tensor.position());
        file.read(stored, same == null ? 0 : same.position());
        assertArrayEquals(stored.array(), made.array(), tensor.info().key());
      }
    }
    String formula = "M = A x 0.3 + B x 0.7";
    Merged expected = Merged.of(singles, formula);
    for (Path place : List.of(folders, mixed)) {
      Merged actual = Merged.of(place, formula);
      for (SampleTensor tensor : one.single) {
        String key = tensor.info().key();
        assertArrayEquals(expected.bytes(key), actual.bytes(key), key);
        assertEquals(expected.info(key), actual.info(key));
      }
    }
  }

  @Test
  void sd1() throws IOException {
    agree(sd1(1), sd1(2), Architecture.SD1);
  }

  @Test
  void sdxlWithItsSecondTextEncoder() throws IOException {
    agree(sdxl(3), sdxl(4), Architecture.SDXL);
  }

  @Test
  void sd2WithoutVae() throws IOException {
    var one = sd2(5);
    one.write(folder, folder.resolve("folders"), "A");
    // the narrow U-Net decides, and it is none of SD 2.x: the text encoder keeps CLIP's names
    try (Checkpoint model = Checkpoint.open(folder.resolve("folders/A"))) {
      assertEquals(Architecture.SD1, model.architecture());
    }
    Files.walk(folder.resolve("folders/A/unet"))
        .sorted(java.util.Comparator.reverseOrder())
        .forEach(path -> path.toFile().delete());
    try (Checkpoint model = Checkpoint.open(folder.resolve("folders/A"))) {
      assertEquals(Architecture.SD2, model.architecture());
      assertTrue(
          model
              .tensors()
              .containsKey("cond_stage_model.model.transformer.resblocks.1.attn.in_proj_weight"));
    }
  }
}
