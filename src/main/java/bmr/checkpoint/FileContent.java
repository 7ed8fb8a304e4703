package bmr.checkpoint;

import bmr.tensor.TensorInfo;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a file holds, by its tensors. */
public enum FileContent {
  MODEL("model"),
  UNET("U-Net alone"),
  TEXT_ENCODER("text encoder alone"),
  VAE("VAE alone"),
  LORA("LoRA"),
  EMBEDDING("embedding"),
  CONTROL("ControlNet"),
  UNKNOWN("unknown");

  private static final Pattern LORA_KEY =
      Pattern.compile(
          "^lora_(unet|te[0-9]?|transformer)_"
              + "|[._]lora[._](up|down|A|B|linear_layer)\\."
              + "|^(unet|text_encoder):[0-9]+:(up|down)$"
              + "|\\.(hada_w[12]_[ab]|lokr_w[12](_[ab])?)$");
  private static final Pattern VAE_KEY =
      Pattern.compile("^(first_stage_model\\.)?(encoder|decoder)\\.(conv_in|mid|up|down)");
  private static final Pattern UNET_KEY =
      Pattern.compile(
          "^(model\\.diffusion_model|input_blocks|double_blocks|joint_blocks|down_blocks)\\.");
  private static final Pattern TEXT_KEY =
      Pattern.compile(
          "^(cond_stage_model|conditioner|text_encoders?|text_model|encoder\\.block)\\.");

  private final String label;

  FileContent(String label) {
    this.label = label;
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /** Looking through every key for the pattern costs more than reading a header. */
  private static boolean mayBeLora(String key) {
    return key.contains("lora") || key.contains("_w") || key.contains(":");
  }

  /** The content of a file with these tensors in the canonical spelling. */
  public static FileContent of(Map<String, TensorInfo> tensors) {
    return TextualInversion.isOne(tensors) ? EMBEDDING : of(tensors.keySet());
  }

  static FileContent of(Set<String> keys) {
    boolean unet = false;
    boolean text = false;
    boolean vae = false;
    for (String key : keys) {
      if (mayBeLora(key) && LORA_KEY.matcher(key).find()) {
        return LORA;
      }
      if (key.startsWith("control_model.") || key.startsWith("controlnet_")) {
        return CONTROL;
      }
      unet = unet || UNET_KEY.matcher(key).lookingAt();
      text = text || TEXT_KEY.matcher(key).lookingAt();
      vae = vae || VAE_KEY.matcher(key).lookingAt();
    }
    if (unet) {
      return text || vae ? MODEL : UNET;
    }
    if (text == vae) {
      return text ? MODEL : UNKNOWN;
    }
    return text ? TEXT_ENCODER : VAE;
  }
}
