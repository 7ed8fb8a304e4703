package bmr.lora;

/** What a tensor of a LoRA's file is to its module. */
enum Role {
  /** [rank, in] or [rank, in, k, k]. */
  DOWN,
  /** [out, rank] or [out, rank, 1, 1]. */
  UP,
  /** [rank, rank, k, k]: the core of a CP or Tucker decomposition. */
  MID,
  /** A number; divided by the rank it scales the change. */
  ALPHA,
  /** Lengths of a DoRA's rows or columns. */
  DORA_SCALE,
  HADA_W1_A,
  HADA_W1_B,
  HADA_T1,
  HADA_W2_A,
  HADA_W2_B,
  HADA_T2,
  LOKR_W1,
  LOKR_W1_A,
  LOKR_W1_B,
  LOKR_W2,
  LOKR_W2_A,
  LOKR_W2_B,
  LOKR_T2,
  /** The change of a weight itself. */
  DIFF,
  /** The change of a bias itself. */
  DIFF_B
}
