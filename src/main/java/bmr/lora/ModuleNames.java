package bmr.lora;

import bmr.model.Architecture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules of a single-file checkpoint under the names that LoRAs give them: those of the
 * checkpoint and those of Diffusers, dots as underscores. OpenCLIP's fused projection is three
 * modules, a third of its rows each; so are those of Flux and SD 3.
 */
final class ModuleNames {
  private static final String UNET = "model.diffusion_model.";
  private static final String WEIGHT = ".weight";

  /** Modules of Flux and SD 3 in files of the transformer alone. */
  private static final Pattern TRANSFORMER =
      Pattern.compile(
          "(double|single|joint)_blocks\\.|(img|txt|time|vector|guidance)_in\\b"
              + "|[xty]_embedder\\.|context_embedder\\b|final_layer\\.");

  private static final Pattern BLOCK =
      Pattern.compile("(input|output)_blocks\\.(\\d{1,2})\\.(\\d)\\.(.+)");
  private static final Pattern MIDDLE = Pattern.compile("middle_block\\.(\\d)\\.(.+)");

  private static final Map<String, String> OUTER =
      Map.of(
          "input_blocks.0.0", "conv_in",
          "time_embed.0", "time_embedding.linear_1",
          "time_embed.2", "time_embedding.linear_2",
          "label_emb.0.0", "add_embedding.linear_1",
          "label_emb.0.2", "add_embedding.linear_2",
          "out.0", "conv_norm_out",
          "out.2", "conv_out");

  private static final Map<String, String> RESNET =
      Map.of(
          "in_layers.0", "norm1",
          "in_layers.2", "conv1",
          "emb_layers.1", "time_emb_proj",
          "out_layers.0", "norm2",
          "out_layers.3", "conv2",
          "skip_connection", "conv_shortcut");

  private static final Map<String, String> CLIP_LAYER =
      Map.of(
          "attn.out_proj", "self_attn.out_proj",
          "mlp.c_fc", "mlp.fc1",
          "mlp.c_proj", "mlp.fc2",
          "ln_1", "layer_norm1",
          "ln_2", "layer_norm2");

  /**
   * Rows of a tensor.
   *
   * @param weight its key
   * @param bias the key of the module's bias, which the model need not have
   * @param part the first of {@code span} of {@code parts} equal parts of the rows
   */
  record Target(String weight, String bias, int part, int span, int parts) {}

  private final Map<String, Target> targets = new HashMap<>();

  /** Names that are read and that kohya's scripts do not write. */
  private final Map<String, Target> aliases = new HashMap<>();

  ModuleNames(Iterable<String> keys) {
    for (String key : keys) {
      if (key.endsWith(WEIGHT)) {
        whole(key.substring(0, key.length() - WEIGHT.length()));
      } else if (key.endsWith(".attn.in_proj_weight")) {
        fused(key.substring(0, key.length() - ".in_proj_weight".length()));
      }
    }
  }

  Optional<Target> target(String module) {
    return Optional.ofNullable(targets.get(module))
        .or(() -> Optional.ofNullable(aliases.get(module)));
  }

  private void put(String module, Target target) {
    targets.putIfAbsent(module.replace('.', '_'), target);
  }

  private void whole(String module) {
    Target target = new Target(module + WEIGHT, module + ".bias", 0, 1, 1);
    if (module.startsWith(UNET) || TRANSFORMER.matcher(module).lookingAt()) {
      String own = module.startsWith(UNET) ? module.substring(UNET.length()) : module;
      put("unet:" + own, target);
      for (TransformerNames.Name name : TransformerNames.of(own)) {
        aliases.putIfAbsent(
            "unet:" + name.module().replace('.', '_'),
            new Target(target.weight(), target.bias(), name.part(), name.span(), name.parts()));
      }
      diffusers(own).ifPresent(name -> put("unet:" + name, target));
      return;
    }
    for (TextEncoder encoder : TextEncoder.values()) {
      if (module.startsWith(encoder.prefix)) {
        String own = module.substring(encoder.prefix.length());
        put(encoder.part + ":" + own, target);
        if (encoder.open) {
          hugging(own).ifPresent(name -> put(encoder.part + ":" + name, target));
        }
      }
    }
  }

  private void fused(String attention) {
    for (TextEncoder encoder : TextEncoder.values()) {
      if (encoder.open && attention.startsWith(encoder.prefix)) {
        String own = attention.substring(encoder.prefix.length());
        Matcher layer = Pattern.compile("transformer\\.resblocks\\.(\\d+)\\.attn").matcher(own);
        if (layer.matches()) {
          List<String> projections = List.of("q_proj", "k_proj", "v_proj");
          for (int part = 0; part < 3; part++) {
            put(
                encoder.part
                    + ":text_model.encoder.layers."
                    + layer.group(1)
                    + ".self_attn."
                    + projections.get(part),
                new Target(attention + ".in_proj_weight", attention + ".in_proj_bias", part, 1, 3));
          }
        }
      }
    }
  }

  /** Text encoders by the prefix of their keys; the open ones have OpenCLIP's names. */
  private enum TextEncoder {
    SD1("cond_stage_model.transformer.", "te1", false),
    SD2("cond_stage_model.model.", "te1", true),
    SDXL_FIRST("conditioner.embedders.0.transformer.", "te1", false),
    SDXL_SECOND("conditioner.embedders.1.model.", "te2", true),
    CLIP_L("text_encoders.clip_l.transformer.", "te1", false),
    CLIP_G("text_encoders.clip_g.transformer.", "te2", false),
    T5("text_encoders.t5xxl.transformer.", "te3", false);

    private final String prefix;
    private final String part;
    private final boolean open;

    TextEncoder(String prefix, String part, boolean open) {
      this.prefix = prefix;
      this.part = part;
      this.open = open;
    }
  }

  private static Optional<String> hugging(String own) {
    Matcher layer = Pattern.compile("transformer\\.resblocks\\.(\\d+)\\.(.+)").matcher(own);
    if (layer.matches()) {
      return Optional.ofNullable(CLIP_LAYER.get(layer.group(2)))
          .map(name -> "text_model.encoder.layers." + layer.group(1) + "." + name);
    }
    return switch (own) {
      case "ln_final" -> Optional.of("text_model.final_layer_norm");
      case "token_embedding" -> Optional.of("text_model.embeddings.token_embedding");
      default -> Optional.empty();
    };
  }

  /** The name that Diffusers gives to a module of the U-Net. */
  static Optional<String> diffusers(String own) {
    String outer = OUTER.get(own);
    if (outer != null) {
      return Optional.of(outer);
    }
    Matcher middle = MIDDLE.matcher(own);
    if (middle.matches()) {
      return switch (middle.group(1)) {
        case "0" -> resnet("mid_block.resnets.0", middle.group(2));
        case "1" -> Optional.of("mid_block.attentions.0." + middle.group(2));
        case "2" -> resnet("mid_block.resnets.1", middle.group(2));
        default -> Optional.empty();
      };
    }
    Matcher block = BLOCK.matcher(own);
    if (!block.matches()) {
      return Optional.empty();
    }
    boolean input = block.group(1).equals("input");
    int number = Integer.parseInt(block.group(2)) - (input ? 1 : 0);
    String side = (input ? "down_blocks." : "up_blocks.") + number / 3;
    int layer = number % 3;
    String inner = block.group(4);
    if (input && inner.equals("op")) {
      return Optional.of(side + ".downsamplers.0.conv");
    }
    if (!input && inner.equals("conv")) {
      return Optional.of(side + ".upsamplers.0.conv");
    }
    return block.group(3).equals("0")
        ? resnet(side + ".resnets." + layer, inner)
        : Optional.of(side + ".attentions." + layer + "." + inner);
  }

  private static Optional<String> resnet(String place, String inner) {
    return Optional.ofNullable(RESNET.get(inner)).map(name -> place + "." + name);
  }

  /**
   * The names that kohya's scripts give to layers, by the key of the weight, the part and the
   * number of parts: {@code key/0/1}. Diffusers' names where there are some; no embeddings.
   */
  Map<String, String> kohya(Architecture architecture) {
    Map<String, String> names = new HashMap<>();
    targets.forEach((module, target) -> {
      String part = module.substring(0, module.indexOf(':'));
      String own = module.substring(part.length() + 1);
      boolean diffusers =
          !own.matches("(input_blocks|middle_block|output_blocks|out|time_embed|label_emb)_\\d.*")
              && !own.startsWith("transformer_resblocks");
      boolean embedding = own.contains("embeddings_") || own.equals("token_embedding");
      String prefix =
          switch (part) {
            case "unet" -> "lora_unet_";
            case "te2" -> "lora_te2_";
            case "te3" -> "lora_te3_";
            default ->
                architecture.equals(Architecture.SD1) || architecture.equals(Architecture.SD2)
                    ? "lora_te_"
                    : "lora_te1_";
          };
      if (diffusers && !embedding) {
        names.put(target.weight() + "/" + target.part() + "/" + target.parts(), prefix + own);
      }
    });
    return names;
  }
}
