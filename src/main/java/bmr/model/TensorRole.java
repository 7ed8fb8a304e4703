package bmr.model;

import java.util.List;
import java.util.Set;

/** How a tensor takes part in a merge, by its key alone (integer tensors are FIXED as well). */
public enum TensorRole {
  /** Combined by weights. */
  BLENDED,
  /** {@code position_ids}: written as int64 0..76 in the shape (1,77). */
  POSITION_IDS,
  /** Never combined; from the first operand that holds it ({@code logit_scale}). */
  FIXED,
  /** {@code betas}, {@code alphas_cumprod}, ...: from the primary operand only. */
  SCHEDULE,
  /** {@code v_pred}, {@code ztsnr}, {@code edm_*}: from the primary operand only. */
  MARKER,
  /** EMA copies: dropped and counted. */
  EMA,
  /** {@code loss.*} and optimizer state: dropped and counted. */
  TRAINING;

  private static final String POSITION_IDS_KEY = "text_model.embeddings.position_ids";

  /** Names without a dot that Stable Diffusion's training code keeps beside its networks. */
  private static final Set<String> SCHEDULES =
      Set.of(
          "betas",
          "alphas_cumprod",
          "alphas_cumprod_prev",
          "lvlb_weights",
          "logvar",
          "scale_factor",
          "sigmas",
          "log_sigmas",
          "log_one_minus_alphas_cumprod");

  private static final List<String> SCHEDULE_FAMILIES = List.of("sqrt_", "posterior_", "denoiser.");

  private static final List<String> EMA_FAMILIES =
      List.of("model_ema.", "first_stage_model.model_ema.");

  private static final List<String> TRAINING_FAMILIES =
      List.of(
          "loss.",
          "first_stage_model.loss.",
          "optimizer.",
          "optimizer_states.",
          "optimizers.",
          "lr_schedulers.",
          "callbacks.",
          "loops.",
          "hyper_parameters.");

  private static final Set<String> TRAINING_NAMES = Set.of("epoch", "global_step", "iteration");

  /** The role of a key in the canonical spelling. */
  public static TensorRole of(String key) {
    if (key.startsWith(Part.UNET_PREFIX)) {
      return BLENDED;
    }
    if (key.endsWith(POSITION_IDS_KEY) && isWhole(key, POSITION_IDS_KEY)) {
      return POSITION_IDS;
    }
    if (key.endsWith("logit_scale") && isWhole(key, "logit_scale")) {
      return FIXED;
    }
    if (key.equals("v_pred") || key.equals("ztsnr") || key.startsWith("edm_")) {
      return MARKER;
    }
    if (startsWithAny(key, EMA_FAMILIES)) {
      return EMA;
    }
    if (TRAINING_NAMES.contains(key) || startsWithAny(key, TRAINING_FAMILIES)) {
      return TRAINING;
    }
    if (SCHEDULES.contains(key) || startsWithAny(key, SCHEDULE_FAMILIES)) {
      return SCHEDULE;
    }
    return BLENDED;
  }

  /** Whether an ending of a key is no torn word: the whole key, or what follows a dot. */
  private static boolean isWhole(String key, String ending) {
    int start = key.length() - ending.length();
    return start == 0 || key.charAt(start - 1) == '.';
  }

  private static boolean startsWithAny(String key, List<String> families) {
    for (String family : families) {
      if (key.startsWith(family)) {
        return true;
      }
    }
    return false;
  }
}
