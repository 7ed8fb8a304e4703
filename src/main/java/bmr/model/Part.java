package bmr.model;

/** The part of a checkpoint that a tensor belongs to. */
public enum Part {
  /** The U-Net but for the parts below. */
  UNET("U-Net"),
  /** {@code model.diffusion_model.time_embed.}. */
  TIME("time embedding"),
  /** {@code model.diffusion_model.label_emb.}. */
  LABEL("label embedding"),
  /** {@code model.diffusion_model.out.}. */
  HEAD("output head"),
  /** The text encoder of SD 1.x and 2.x; T5 of SD 3 and Flux. */
  CLIP("text encoder"),
  /** SDXL's first text encoder, which SD 3 and Flux have as well. */
  CLIP_L("text encoder L"),
  /** SDXL's second text encoder, which SD 3 has as well. */
  CLIP_G("text encoder G"),
  VAE("VAE"),
  /** Schedules, markers and whatever has no place of its own. */
  OTHER("other");

  /** What the keys of a U-Net begin with. */
  static final String UNET_PREFIX = "model.diffusion_model.";

  private final String label;

  Part(String label) {
    this.label = label;
  }

  /** The part of a key in the canonical spelling, whatever the block map. */
  public static Part of(String key) {
    if (key.startsWith(UNET_PREFIX)) {
      int rest = UNET_PREFIX.length();
      if (key.startsWith("time_embed.", rest)) {
        return TIME;
      }
      if (key.startsWith("label_emb.", rest)) {
        return LABEL;
      }
      return key.startsWith("out.", rest) ? HEAD : UNET;
    }
    if (key.startsWith("first_stage_model.")) {
      return VAE;
    }
    if (key.startsWith("cond_stage_model.")) {
      return CLIP;
    }
    if (key.startsWith("conditioner.embedders.0.model.")) {
      return CLIP_G; // the refiner has no other
    }
    if (key.startsWith("conditioner.embedders.0.")) {
      return CLIP_L;
    }
    if (key.startsWith("conditioner.embedders.1.")) {
      return CLIP_G;
    }
    return key.startsWith("text_encoders.") ? ofTextEncoders(key) : OTHER;
  }

  /** SD 3 and Flux: {@code text_encoders.clip_l.}, {@code clip_g}, and {@code t5xxl}. */
  private static Part ofTextEncoders(String key) {
    if (key.startsWith("text_encoders.clip_l.")) {
      return CLIP_L;
    }
    return key.startsWith("text_encoders.clip_g.") ? CLIP_G : CLIP;
  }

  public String label() {
    return label;
  }

  /** Whether the tensor belongs to the U-Net in the wide sense. */
  public boolean isUnet() {
    return this == UNET || this == TIME || this == LABEL || this == HEAD;
  }

  public boolean isTextEncoder() {
    return this == CLIP || this == CLIP_L || this == CLIP_G;
  }
}
