package bmr.analysis;

import java.util.Arrays;
import java.util.Optional;

/** How alike models are; formulas in docs/similarity.md. */
public enum Measure {
  /** ⟨x,y⟩ / (‖x‖ ‖y‖). */
  COSINE("cosine", true, false),
  /** ‖x − y‖ / ‖y‖. */
  DISTANCE("distance", false, false),
  /** The cosine of x − b and y − b. */
  RELATIVE_COSINE("relative_cosine", true, true),
  /** ‖x − y‖ / ‖y − b‖. */
  RELATIVE_DISTANCE("relative_distance", false, true),
  /** The cosine of both with their means over the block taken off. */
  CENTRED_COSINE("centred_cosine", true, false),
  /** The mean of the tensors' cosines. */
  MEAN_COSINE("mean_cosine", true, false),
  /** The least of the tensors' cosines. */
  LEAST_COSINE("least_cosine", true, false),
  /** ‖x‖ / ‖y‖. */
  NORM_RATIO("norm_ratio", false, false);

  private final String word;
  private final boolean share;
  private final boolean relative;

  Measure(String word, boolean share, boolean relative) {
    this.word = word;
    this.share = share;
    this.relative = relative;
  }

  /** As scripts and options spell it. */
  public String word() {
    return word;
  }

  /** Whether it is read as a percentage. */
  public boolean isShare() {
    return share;
  }

  /** Whether it needs a base. */
  public boolean isRelative() {
    return relative;
  }

  /** The measure with a name; {@code -} counts as {@code _}. */
  public static Optional<Measure> named(String word) {
    String plain = word.replace('-', '_');
    return Arrays.stream(values()).filter(measure -> measure.word.equals(plain)).findFirst();
  }
}
