package bmr.model;

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

  /** The role of a key in the canonical spelling. */
  public static TensorRole of(String key) {
    throw new UnsupportedOperationException();
  }
}
