package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import bmr.TorchFiles;
import bmr.TorchFiles.Pickle;
import bmr.tensor.DType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small inputs that fuzzing begins with. */
final class FuzzSeeds {
  private FuzzSeeds() {}

  /** Inputs by name, in an order that stays. */
  static Map<String, byte[]> of(FuzzTarget target) {
    return switch (target) {
      case SAFETENSORS -> safetensors();
      case HEADER -> headers();
      case TORCH -> torch();
      case PICKLE -> pickles();
      case INDEX -> indexes();
      case METADATA -> metadata();
    };
  }

  private static String tensor(String key, String dtype, String shape, int begin, int end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(key, dtype, shape, begin, end);
  }

  private static Map<String, byte[]> safetensors() {
    var seeds = new LinkedHashMap<String, byte[]>();
    String weight = tensor("a.weight", "F16", "[2,3]", 0, 12);
    seeds.put("one tensor", SampleFiles.bytes("{" + weight + "}", 12));
    seeds.put("nothing", SampleFiles.bytes("{}", 0));
    seeds.put("page", "<!DOCTYPE html><html></html>".getBytes(UTF_8));
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n";
    seeds.put("pointer", pointer.getBytes(UTF_8));
    return seeds;
  }

  private static void header(Map<String, byte[]> seeds, String name, String json, int data) {
    seeds.put(name, (json + "\0".repeat(data + 1)).getBytes(UTF_8));
  }

  private static Map<String, byte[]> headers() {
    var seeds = new LinkedHashMap<String, byte[]>();
    for (DType dtype : DType.values()) {
      int bytes = dtype.bits();
      String entry = tensor("k." + dtype.tag(), dtype.tag(), "[2,4]", 0, bytes);
      header(seeds, "type " + dtype.tag(), "{" + entry + "}", bytes);
    }
    String metadata = "\"__metadata__\":{\"format\":\"pt\",\"\\u00e4\":\"\\ud83d\\ude00\"},";
    String two = tensor("b", "F32", "[]", 0, 4) + "," + tensor("a", "U8", "[0,3]", 4, 4);
    header(seeds, "metadata", "{" + metadata + two + "}  ", 4);
    String codes = tensor("x.weight", "F8_E4M3", "[2,3]", 0, 6);
    String scale = tensor("x.scale_weight", "F32", "[1]", 6, 10);
    header(seeds, "scaled", "{" + codes + "," + scale + "}", 10);
    String marker = "," + tensor("scaled_fp8", "F8_E4M3", "[2]", 10, 12);
    header(seeds, "scaled and marked", "{" + codes + "," + scale + marker + "}", 12);
    String unet = "model.diffusion_model.input_blocks.0.0.weight";
    String clip = "cond_stage_model.transformer.encoder.layers.0.mlp.fc1.bias";
    header(
        seeds,
        "model keys",
        "{" + tensor(unet, "F16", "[1]", 0, 2) + "," + tensor(clip, "F16", "[1]", 2, 4) + "}",
        4);
    String diffusers = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight";
    header(seeds, "Diffusers keys", "{" + tensor(diffusers, "F16", "[1,1]", 0, 2) + "}", 2);
    String fused = "conditioner.embedders.1.model.transformer.resblocks.0.attn.in_proj_weight";
    header(seeds, "fused", "{" + tensor(fused, "F16", "[3,1]", 0, 6) + "}", 6);
    header(seeds, "packed", "{" + tensor("x.weight.quant_map", "U8", "[1]", 0, 1) + "}", 1);
    header(seeds, "hole", "{" + tensor("a", "U8", "[1]", 1, 2) + "}", 2);
    header(seeds, "overlap", "{" + two + "," + tensor("c", "U8", "[2]", 2, 4) + "}", 4);
    return seeds;
  }

  private static Pickle model() {
    return new Pickle()
        .raw('}', 'q', 0)
        .text("state_dict")
        .raw('}')
        .text("a")
        .tensor("FloatStorage", "0", 12, 1, new long[] {2, 3}, new long[] {1, 3})
        .raw('s')
        .text("b")
        .tensor("FloatStorage", "0", 12)
        .raw('s', 's');
  }

  private static Map<String, byte[]> torch() {
    Map<String, byte[]> storages = TorchFiles.storage(new byte[48]);
    var seeds = new LinkedHashMap<String, byte[]>();
    byte[] pickle = model().stop();
    seeds.put("stored", TorchFiles.archive(pickle, storages, false));
    seeds.put("deflated", TorchFiles.archive(pickle, storages, true));
    seeds.put("legacy", TorchFiles.legacy(pickle, storages, 4));
    byte[] half = new Pickle().raw('}').text("h").tensor("HalfStorage", "0", 24).raw('s').stop();
    seeds.put("half", TorchFiles.archive(half, storages, false));
    return seeds;
  }

  private static Map<String, byte[]> pickles() {
    var seeds = new LinkedHashMap<String, byte[]>();
    seeds.put("model", model().stop());
    seeds.put("numbers", new Pickle().raw('}').text("n").numbers(1, -1, 1L << 62).raw('s').stop());
    seeds.put("list", new Pickle().raw(']', '(', 'N', 0x88, 'K', 1, 'e', 'q', 0).stop());
    seeds.put("itself", new Pickle().raw(']', 'q', 0, 'h', 0, 'a').stop());
    seeds.put("system", new Pickle().global("os", "system").text("id").raw(0x85, 'R').stop());
    Pickle parameter = new Pickle().raw('}').text("p").global("torch._utils", "_rebuild_parameter");
    parameter.raw('(').tensor("FloatStorage", "0", 12).raw(0x88);
    parameter.global("collections", "OrderedDict").raw(')', 'R', 't', 'R', 's');
    seeds.put("parameter", parameter.stop());
    Pickle scalar = new Pickle().global("numpy.core.multiarray", "scalar");
    scalar.global("numpy", "dtype").text("f8").raw('K', 0, 'K', 1, 0x87, 'R').text("12345678");
    seeds.put("scalar", scalar.raw(0x86, 'R').stop());
    return seeds;
  }

  private static Map<String, byte[]> indexes() {
    var seeds = new LinkedHashMap<String, byte[]>();
    String name = "model-00001-of-00001.safetensors";
    String map = "{\"metadata\":{\"total_size\":2},\"weight_map\":{\"a\":\"%s\"}}";
    seeds.put("one shard", map.formatted(name).getBytes(UTF_8));
    seeds.put("elsewhere", map.formatted("../" + name).getBytes(UTF_8));
    seeds.put("no map", "{\"metadata\":{}}".getBytes(UTF_8));
    return seeds;
  }

  private static Map<String, byte[]> metadata() {
    var seeds = new LinkedHashMap<String, byte[]>();
    String recipe =
        "{\"type\":\"webui\",\"primary_model_hash\":\"%s\",\"secondary_model_hash\":\"%s\","
            + "\"tertiary_model_hash\":null,\"interp_method\":\"%s\",\"multiplier\":0.3,"
            + "\"save_as_half\":true,\"custom_name\":\"mix\",\"config_source\":0}";
    String a = "a".repeat(64);
    String b = "b".repeat(64);
    String models =
        "{\"%s\":{\"name\":\"A\",\"sd_merge_recipe\":null},\"%s\":{\"name\":\"B\"}}"
            .formatted(a, b);
    String sum = recipe.formatted(a, b, "Weighted sum");
    seeds.put("weighted sum", (sum + "\0" + models).getBytes(UTF_8));
    seeds.put("alone", recipe.formatted(a, b, "Add difference").getBytes(UTF_8));
    String merger =
        "{\"type\":\"sd-webui-supermerger\",\"weights_alpha\":\"0,0.5,1\",\"weights_beta\":null,"
            + "\"weights_seed\":1,\"save_as\":\"\",\"mode\":\"Weight sum\",\"base_alpha\":0.5,"
            + "\"model_a\":\"A.safetensors\",\"model_b\":\"B\",\"model_c\":null,"
            + "\"deep\":\"IN01:attn:0.5\",\"calcmode\":\"normal\"}";
    seeds.put("supermerger", merger.getBytes(UTF_8));
    return seeds;
  }
}
