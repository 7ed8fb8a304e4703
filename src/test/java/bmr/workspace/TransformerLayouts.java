package bmr.workspace;

import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Models of SD 3 and Flux with all their keys and tiny tensors, in every layout that they are found
 * in, each written out here key by key and without the tables of the project.
 */
public final class TransformerLayouts {
  private static final int WIDTH = 4;
  private static final String UNET = "model.diffusion_model.";

  private final Random random;
  private final List<SampleTensor> bare = new ArrayList<>();
  private final List<SampleTensor> prefixed = new ArrayList<>();
  private final List<SampleTensor> others = new ArrayList<>();
  private final Map<String, List<SampleTensor>> networks = new LinkedHashMap<>();

  private TransformerLayouts(long seed) {
    random = new Random(seed);
  }

  /** Flux: 780 tensors in its transformer. */
  public static TransformerLayouts flux(long seed) {
    var model = new TransformerLayouts(seed);
    String[][] embedders = {
      {"timestep", "time_in"}, {"text", "vector_in"}, {"guidance", "guidance_in"}
    };
    for (String[] embedder : embedders) {
      String there = "time_text_embed." + embedder[0] + "_embedder.linear_";
      model.linear(there + "1", embedder[1] + ".in_layer", WIDTH, WIDTH);
      model.linear(there + "2", embedder[1] + ".out_layer", WIDTH, WIDTH);
    }
    model.linear("context_embedder", "txt_in", WIDTH, WIDTH);
    model.linear("x_embedder", "img_in", WIDTH, WIDTH);
    model.linear("proj_out", "final_layer.linear", 64, WIDTH);
    model.swapped("norm_out.linear", "final_layer.adaLN_modulation.1");
    for (int i = 0; i < 19; i++) {
      String there = "transformer_blocks." + i + ".";
      String here = "double_blocks." + i + ".";
      for (String stream : List.of("img", "txt")) {
        boolean image = stream.equals("img");
        String context = image ? "" : "_context";
        model.linear(
            there + "norm1" + context + ".linear", here + stream + "_mod.lin", 6 * WIDTH, WIDTH);
        model.fused(there + "attn.", image, here + stream + "_attn.qkv", "");
        String norm = there + (image ? "attn.norm_" : "attn.norm_added_");
        String scale = here + stream + "_attn.norm.";
        model.same(norm + "q.weight", scale + "query_norm.scale", WIDTH);
        model.same(norm + "k.weight", scale + "key_norm.scale", WIDTH);
        String out = image ? "attn.to_out.0" : "attn.to_add_out";
        model.linear(there + out, here + stream + "_attn.proj", WIDTH, WIDTH);
        String feed = there + "ff" + context + ".net.";
        model.linear(feed + "0.proj", here + stream + "_mlp.0", 4 * WIDTH, WIDTH);
        model.linear(feed + "2", here + stream + "_mlp.2", WIDTH, 4 * WIDTH);
      }
    }
    for (int i = 0; i < 38; i++) {
      String there = "single_transformer_blocks." + i + ".";
      String here = "single_blocks." + i + ".";
      model.linear(there + "norm.linear", here + "modulation.lin", 3 * WIDTH, WIDTH);
      model.fused(there + "attn.", true, here + "linear1", there + "proj_mlp");
      model.same(there + "attn.norm_q.weight", here + "norm.query_norm.scale", WIDTH);
      model.same(there + "attn.norm_k.weight", here + "norm.key_norm.scale", WIDTH);
      model.linear(there + "proj_out", here + "linear2", WIDTH, 5 * WIDTH);
    }
    model.text("text_encoder", "clip_l", "text_model.encoder.layers.0.layer_norm1.bias");
    model.text(
        "text_encoder_2", "t5xxl", "shared.weight", "encoder.block.0.layer.1.layer_norm.weight");
    model.vae();
    return model;
  }

  /**
   * SD 3 and 3.5.
   *
   * @param blocks 24, or 38 of the large one
   * @param dual first so many have a second attention, 13 of 3.5 medium
   */
  public static TransformerLayouts sd3(long seed, int blocks, int dual) {
    var model = new TransformerLayouts(seed);
    model.same("pos_embed.pos_embed", "pos_embed", 1, 9, WIDTH);
    model.same("pos_embed.proj.weight", "x_embedder.proj.weight", WIDTH, 16, 2, 2);
    model.same("pos_embed.proj.bias", "x_embedder.proj.bias", WIDTH);
    String[][] embedders = {{"timestep", "t_embedder"}, {"text", "y_embedder"}};
    for (String[] embedder : embedders) {
      String there = "time_text_embed." + embedder[0] + "_embedder.linear_";
      model.linear(there + "1", embedder[1] + ".mlp.0", WIDTH, WIDTH);
      model.linear(there + "2", embedder[1] + ".mlp.2", WIDTH, WIDTH);
    }
    model.linear("context_embedder", "context_embedder", WIDTH, WIDTH);
    model.linear("proj_out", "final_layer.linear", 64, WIDTH);
    model.swapped("norm_out.linear", "final_layer.adaLN_modulation.1");
    for (int i = 0; i < blocks; i++) {
      boolean last = i == blocks - 1;
      String there = "transformer_blocks." + i + ".";
      String x = "joint_blocks." + i + ".x_block.";
      String context = "joint_blocks." + i + ".context_block.";
      int parts = i < dual ? 9 : 6;
      model.linear(there + "norm1.linear", x + "adaLN_modulation.1", parts * WIDTH, WIDTH);
      if (last) {
        model.swapped(there + "norm1_context.linear", context + "adaLN_modulation.1");
      } else {
        String modulation = context + "adaLN_modulation.1";
        model.linear(there + "norm1_context.linear", modulation, 6 * WIDTH, WIDTH);
        model.linear(there + "attn.to_add_out", context + "attn.proj", WIDTH, WIDTH);
        model.linear(there + "ff_context.net.0.proj", context + "mlp.fc1", 4 * WIDTH, WIDTH);
        model.linear(there + "ff_context.net.2", context + "mlp.fc2", WIDTH, 4 * WIDTH);
      }
      model.fused(there + "attn.", true, x + "attn.qkv", "");
      model.fused(there + "attn.", false, context + "attn.qkv", "");
      if (dual > 0) {
        model.same(there + "attn.norm_q.weight", x + "attn.ln_q.weight", WIDTH);
        model.same(there + "attn.norm_added_k.weight", context + "attn.ln_k.weight", WIDTH);
      }
      if (i < dual) {
        model.fused(there + "attn2.", true, x + "attn2.qkv", "");
        model.same(there + "attn2.norm_k.weight", x + "attn2.ln_k.weight", WIDTH);
        model.linear(there + "attn2.to_out.0", x + "attn2.proj", WIDTH, WIDTH);
      }
      model.linear(there + "attn.to_out.0", x + "attn.proj", WIDTH, WIDTH);
      model.linear(there + "ff.net.0.proj", x + "mlp.fc1", 4 * WIDTH, WIDTH);
      model.linear(there + "ff.net.2", x + "mlp.fc2", WIDTH, 4 * WIDTH);
    }
    model.text("text_encoder", "clip_l", "text_model.final_layer_norm.bias");
    model.text("text_encoder_2", "clip_g", "text_projection.weight");
    model.text("text_encoder_3", "t5xxl", "encoder.final_layer_norm.weight");
    model.vae();
    return model;
  }

  /** The transformer's tensors in the single file, without its beginning. */
  List<SampleTensor> bare() {
    return bare;
  }

  /** All of the single file. */
  public List<SampleTensor> whole() {
    var all = new ArrayList<SampleTensor>();
    all.addAll(prefixed);
    all.addAll(others);
    return all;
  }

  /** The tensors of a network in the folder. */
  public Map<String, List<SampleTensor>> networks() {
    return networks;
  }

  public void writeWhole(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    SampleFile.write(file, whole(), Map.of());
  }

  void writeBare(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    SampleFile.write(file, bare, Map.of());
  }

  public void writeFolder(Path model) throws IOException {
    Files.createDirectories(model);
    Files.writeString(model.resolve("model_index.json"), "{}");
    for (Map.Entry<String, List<SampleTensor>> network : networks.entrySet()) {
      Path place = Files.createDirectories(model.resolve(network.getKey()));
      boolean text = network.getKey().startsWith("text");
      String stem = text ? "model" : "diffusion_pytorch_model";
      SampleFile.write(place.resolve(stem + ".safetensors"), network.getValue(), Map.of());
    }
  }

  private void text(String folder, String encoder, String... keys) {
    for (String key : keys) {
      add(folder, key, "text_encoders." + encoder + ".transformer." + key, 3, 2);
    }
  }

  private void vae() {
    add("vae", "decoder.conv_in.weight", "first_stage_model.decoder.conv_in.weight", 2, 16, 3, 3);
    add(
        "vae",
        "encoder.down_blocks.0.resnets.0.conv1.weight",
        "first_stage_model.encoder.down.0.block.0.conv1.weight",
        2,
        2,
        3,
        3);
  }

  private void add(String folder, String there, String here, long... shape) {
    double[] values = numbers(Shape.of(shape));
    put(folder, there, Shape.of(shape), values);
    others.add(SampleTensor.of(here, DType.F16, Shape.of(shape), values));
  }

  private void linear(String there, String here, long rows, long columns) {
    same(there + ".weight", here + ".weight", rows, columns);
    same(there + ".bias", here + ".bias", rows);
  }

  private void same(String there, String here, long... shape) {
    double[] values = numbers(Shape.of(shape));
    put("transformer", there, Shape.of(shape), values);
    single(here, Shape.of(shape), values);
  }

  /** Shift before scale in the single file. */
  private void swapped(String there, String here) {
    for (String end : List.of(".weight", ".bias")) {
      long columns = end.equals(".bias") ? 1 : WIDTH;
      double[] shift = numbers(Shape.of(WIDTH, columns));
      double[] scale = numbers(Shape.of(WIDTH, columns));
      Shape shape = columns == 1 ? Shape.of(2 * WIDTH) : Shape.of(2 * WIDTH, columns);
      single(here + end, shape, joined(shift, scale));
      put("transformer", there + end, shape, joined(scale, shift));
    }
  }

  /** Query, key and value, and the beginning of the feed-forward network where it has a name. */
  private void fused(String there, boolean own, String here, String feed) {
    List<String> names =
        own ? List.of("to_q", "to_k", "to_v") : List.of("add_q_proj", "add_k_proj", "add_v_proj");
    for (String end : List.of(".weight", ".bias")) {
      double[] all = {};
      long columns = end.equals(".bias") ? 1 : WIDTH;
      // in another order than they are stacked in
      var parts = new LinkedHashMap<String, double[]>();
      for (String name : names) {
        parts.put(there + name + end, numbers(Shape.of(WIDTH, columns)));
      }
      if (!feed.isEmpty()) {
        parts.put(feed + end, numbers(Shape.of(4 * WIDTH, columns)));
      }
      for (double[] part : parts.values()) {
        all = joined(all, part);
      }
      for (Map.Entry<String, double[]> part : parts.reversed().entrySet()) {
        long rows = part.getValue().length / columns;
        Shape shape = columns == 1 ? Shape.of(rows) : Shape.of(rows, columns);
        put("transformer", part.getKey(), shape, part.getValue());
      }
      long rows = all.length / columns;
      single(here + end, columns == 1 ? Shape.of(rows) : Shape.of(rows, columns), all);
    }
  }

  private static double[] joined(double[] first, double[] second) {
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private double[] numbers(Shape shape) {
    return random.ints((int) shape.elements(), -127, 128).mapToDouble(i -> i / 64.0).toArray();
  }

  private void put(String folder, String key, Shape shape, double[] values) {
    networks
        .computeIfAbsent(folder, name -> new ArrayList<>())
        .add(SampleTensor.of(key, DType.F16, shape, values));
  }

  private void single(String key, Shape shape, double[] values) {
    bare.add(SampleTensor.of(key, DType.F16, shape, values));
    prefixed.add(SampleTensor.of(UNET + key, DType.F16, shape, values));
  }
}
