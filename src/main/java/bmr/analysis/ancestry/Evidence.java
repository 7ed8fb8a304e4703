package bmr.analysis.ancestry;

/**
 * What speaks for a candidate, beside others that are taken as ancestors.
 *
 * @param consistency t² = (Σ s)² / Σ s² over the tensors' scores s, or over those cut at the median
 *     of their sizes, where that is larger
 * @param cosine between what the candidate adds and what is left over without it
 * @param share size of its weight, as the root of the mean square over blocks
 * @param certain whether chance is ruled out
 */
public record Evidence(double consistency, double cosine, double share, boolean certain) {
  /** A smaller weight is no ancestor: rounding, and directions that relatives share, reach it. */
  public static final double LEAST_SHARE = 0.005;

  /** Below this part of the residual, a model that was not declared explains it as well. */
  public static final double LEAST_COSINE = 0.15;

  /** Chances of one false candidate in a whole search. */
  static final double RISK = 1e-5;

  boolean significant() {
    return certain && share >= LEAST_SHARE;
  }

  boolean ancestor() {
    return significant() && cosine >= LEAST_COSINE;
  }
}
