package bmr.interchange.export;

import java.util.Optional;

/**
 * One merge.
 *
 * @param c present for add difference and triple sum
 * @param beta present for triple sum
 */
record Step(
    Mode mode,
    Operand a,
    Operand b,
    Optional<Operand> c,
    Shares alpha,
    Optional<Shares> beta,
    String result) {
  /** What web UIs offer. */
  enum Mode {
    /** A alone. */
    COPY,
    /** {@code A x (1-alpha) + B x alpha}. */
    WEIGHT_SUM,
    /** {@code A + (B - C) x alpha}. */
    ADD_DIFFERENCE,
    /** {@code A x (1-alpha-beta) + B x alpha + C x beta}. */
    TRIPLE_SUM
  }
}
