package bmr.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that Diffusers gives to modules of the transformers of Flux and SD 3. Facts from
 * Diffusers' scripts {@code convert_flux_to_diffusers.py} and {@code convert_sd3_to_diffusers.py}.
 * The last modulations are left out: there, Diffusers has shift and scale in the other order.
 */
final class TransformerNames {
  /**
   * A name.
   *
   * @param part the first of {@code span} of {@code parts} equal parts of the module's rows
   */
  record Name(String module, int part, int span, int parts) {}

  private static final Pattern BLOCK =
      Pattern.compile("(double_blocks|single_blocks|joint_blocks)\\.(\\d{1,3})\\.(.+)");

  private static final Map<String, String> OUTER =
      Map.ofEntries(
          Map.entry("img_in", "x_embedder"),
          Map.entry("txt_in", "context_embedder"),
          Map.entry("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1"),
          Map.entry("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2"),
          Map.entry("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"),
          Map.entry("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
          Map.entry("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1"),
          Map.entry("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2"),
          Map.entry("t_embedder.mlp.0", "time_text_embed.timestep_embedder.linear_1"),
          Map.entry("t_embedder.mlp.2", "time_text_embed.timestep_embedder.linear_2"),
          Map.entry("y_embedder.mlp.0", "time_text_embed.text_embedder.linear_1"),
          Map.entry("y_embedder.mlp.2", "time_text_embed.text_embedder.linear_2"),
          Map.entry("x_embedder.proj", "pos_embed.proj"),
          Map.entry("final_layer.linear", "proj_out"));

  /** Modules of a block that are one module there, too. */
  private static final Map<String, String> INNER =
      Map.ofEntries(
          Map.entry("img_mod.lin", "norm1.linear"),
          Map.entry("txt_mod.lin", "norm1_context.linear"),
          Map.entry("img_attn.proj", "attn.to_out.0"),
          Map.entry("txt_attn.proj", "attn.to_add_out"),
          Map.entry("img_mlp.0", "ff.net.0.proj"),
          Map.entry("img_mlp.2", "ff.net.2"),
          Map.entry("txt_mlp.0", "ff_context.net.0.proj"),
          Map.entry("txt_mlp.2", "ff_context.net.2"),
          Map.entry("modulation.lin", "norm.linear"),
          Map.entry("linear2", "proj_out"),
          Map.entry("x_block.attn.proj", "attn.to_out.0"),
          Map.entry("x_block.attn2.proj", "attn2.to_out.0"),
          Map.entry("context_block.attn.proj", "attn.to_add_out"),
          Map.entry("x_block.mlp.fc1", "ff.net.0.proj"),
          Map.entry("x_block.mlp.fc2", "ff.net.2"),
          Map.entry("context_block.mlp.fc1", "ff_context.net.0.proj"),
          Map.entry("context_block.mlp.fc2", "ff_context.net.2"),
          Map.entry("x_block.adaLN_modulation.1", "norm1.linear"));

  /** Modules of a block that are several there, a third of the rows each. */
  private static final Map<String, List<String>> FUSED =
      Map.of(
          "img_attn.qkv", List.of("attn.to_q", "attn.to_k", "attn.to_v"),
          "x_block.attn.qkv", List.of("attn.to_q", "attn.to_k", "attn.to_v"),
          "x_block.attn2.qkv", List.of("attn2.to_q", "attn2.to_k", "attn2.to_v"),
          "txt_attn.qkv", List.of("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
          "context_block.attn.qkv",
              List.of("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"));

  private TransformerNames() {}

  /** The names of a module of a single file, without the prefix of the network. */
  static List<Name> of(String own) {
    String outer = OUTER.get(own);
    if (outer != null) {
      return List.of(new Name(outer, 0, 1, 1));
    }
    Matcher block = BLOCK.matcher(own);
    if (!block.matches()) {
      return List.of();
    }
    boolean single = block.group(1).equals("single_blocks");
    String place = (single ? "single_" : "") + "transformer_blocks." + block.group(2) + ".";
    String inner = block.group(3);
    String name = INNER.get(inner);
    if (name != null) {
      return List.of(new Name(place + name, 0, 1, 1));
    }
    List<Name> names = new ArrayList<>();
    if (single && inner.equals("linear1")) {
      // queries, keys, values, and the perceptron, which is four times as wide
      names.add(new Name(place + "attn.to_q", 0, 1, 7));
      names.add(new Name(place + "attn.to_k", 1, 1, 7));
      names.add(new Name(place + "attn.to_v", 2, 1, 7));
      names.add(new Name(place + "proj_mlp", 3, 4, 7));
    }
    List<String> fused = FUSED.getOrDefault(inner, List.of());
    for (int part = 0; part < fused.size(); part++) {
      names.add(new Name(place + fused.get(part), part, 1, fused.size()));
    }
    return names;
  }
}
