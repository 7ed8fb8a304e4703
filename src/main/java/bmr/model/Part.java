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
  /** The text encoder of SD 1.x and 2.x. */
  CLIP("text encoder"),
  /** SDXL's first text encoder. */
  CLIP_L("text encoder L"),
  /** SDXL's second text encoder. */
  CLIP_G("text encoder G"),
  VAE("VAE"),
  /** Schedules, markers and whatever has no place of its own. */
  OTHER("other");

  private final String label;

  Part(String label) {
    this.label = label;
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
