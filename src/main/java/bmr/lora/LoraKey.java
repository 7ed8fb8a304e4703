package bmr.lora;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a tensor in a LoRA's file, whoever wrote it: kohya ({@code
 * lora_unet_x_y.lora_down.weight}), LyCORIS ({@code lora_unet_x_y.hada_w1_a}), Diffusers ({@code
 * unet.x.y.lora.down.weight}), its old attention processors ({@code
 * x.processor.to_q_lora.down.weight}), PEFT ({@code base_model.model.x.y.lora_A.weight}).
 *
 * @param module part and module, dots as underscores: {@code unet:x_y}, {@code te1:...}, {@code
 *     te2:...}, {@code te3:...}
 */
record LoraKey(String module, Role role) {
  private record Suffix(Pattern pattern, Role role) {}

  private static final List<Suffix> SUFFIXES =
      List.of(
          suffix("\\.lora_down\\.weight", Role.DOWN),
          suffix("\\.lora_up\\.weight", Role.UP),
          suffix("\\.lora_mid\\.weight", Role.MID),
          suffix("\\.alpha", Role.ALPHA),
          suffix("\\.dora_scale", Role.DORA_SCALE),
          suffix("\\.lora_magnitude_vector(\\.\\w+)*", Role.DORA_SCALE),
          suffix("\\.lora_A(\\.\\w+)?\\.weight", Role.DOWN),
          suffix("\\.lora_B(\\.\\w+)?\\.weight", Role.UP),
          suffix("(\\.|_)lora(_linear_layer)?\\.down\\.weight", Role.DOWN),
          suffix("(\\.|_)lora(_linear_layer)?\\.up\\.weight", Role.UP),
          suffix("\\.w_norm", Role.DIFF),
          suffix("\\.b_norm", Role.DIFF_B),
          suffix("\\.diff", Role.DIFF),
          suffix("\\.diff_b", Role.DIFF_B));

  private static final Pattern LYCORIS =
      Pattern.compile("(.+)\\.((?:hada|lokr)_[wt][12](?:_[ab])?)");

  /** Kinds that are no additions to a weight, or not yet read, by a tensor that only they have. */
  private static final List<Other> OTHERS =
      List.of(
          new Other(Pattern.compile(".+\\.(oft_blocks|oft_diag|oft_[rR](\\.\\w+)*)"), "OFT"),
          new Other(Pattern.compile(".+\\.boft_[rRs](\\.\\w+)*"), "BOFT"),
          new Other(Pattern.compile(".+\\.(on_input|ia3_l(\\.\\w+)*)"), "IA3"),
          new Other(Pattern.compile(".+\\.[ab][12]\\.weight"), "GLoRA"),
          new Other(Pattern.compile(".+\\.(vera_lambda_[bd]|lambda_[bd])"), "VeRA"));

  private record Other(Pattern pattern, String kind) {}

  /** The kind of adapter that a key belongs to, if it is one that is refused. */
  static Optional<String> otherKind(String key) {
    return OTHERS.stream()
        .filter(other -> other.pattern().matcher(key).matches())
        .map(Other::kind)
        .findFirst();
  }

  private static Suffix suffix(String text, Role role) {
    return new Suffix(Pattern.compile(text + "$"), role);
  }

  /** What a key says; empty where it is no LoRA's. */
  static Optional<LoraKey> of(String key) {
    Matcher lycoris = LYCORIS.matcher(key);
    if (lycoris.matches()) {
      String role = lycoris.group(2).toUpperCase(Locale.ROOT);
      for (Role one : Role.values()) {
        if (one.name().equals(role)) {
          return Optional.of(new LoraKey(module(lycoris.group(1)), one));
        }
      }
      return Optional.empty();
    }
    for (Suffix suffix : SUFFIXES) {
      Matcher end = suffix.pattern().matcher(key);
      if (end.find() && end.start() > 0) {
        return Optional.of(new LoraKey(module(key.substring(0, end.start())), suffix.role()));
      }
    }
    return Optional.empty();
  }

  private static String module(String written) {
    String name = written;
    for (String prefix :
        List.of("base_model.model.", "model.diffusion_model.", "diffusion_model.")) {
      name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }
    name = name.replace(".processor.", ".");
    String part = "unet";
    for (Prefix prefix : PREFIXES) {
      if (name.startsWith(prefix.text())) {
        part = prefix.part();
        name = name.substring(prefix.text().length());
        break;
      }
    }
    if (name.startsWith("text_model.")) {
      part = part.equals("te2") ? part : "te1";
    }
    return part + ":" + modern(name.replace('.', '_'));
  }

  private record Prefix(String text, String part) {}

  private static final List<Prefix> PREFIXES =
      List.of(
          new Prefix("lora_unet_", "unet"),
          new Prefix("unet.", "unet"),
          new Prefix("lora_transformer_", "unet"),
          new Prefix("transformer.", "unet"),
          new Prefix("lora_te1_", "te1"),
          new Prefix("lora_te2_", "te2"),
          new Prefix("lora_te3_", "te3"),
          new Prefix("lora_te_", "te1"),
          new Prefix("text_encoder_2.", "te2"),
          new Prefix("text_encoder_3.", "te3"),
          new Prefix("text_encoder.", "te1"));

  /** Names of projections as Diffusers had them before PEFT. */
  private static String modern(String name) {
    if (name.endsWith("_to_out")) {
      name = name + "_0";
    }
    int at = name.indexOf("_self_attn_to_");
    if (at >= 0) {
      String end = name.substring(at + "_self_attn_to_".length());
      String projection = end.equals("out_0") ? "out_proj" : end + "_proj";
      return name.substring(0, at) + "_self_attn_" + projection;
    }
    return name;
  }
}
