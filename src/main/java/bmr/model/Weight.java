package bmr.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A weight as a function of the tensor it scales; exact decimals, so that {@code 1 - alpha} reaches
 * 0 and 1 exactly. Lists and presets know their length only with the architecture, so a weight is
 * evaluated when headers are known.
 */
public sealed interface Weight {
  /** One number everywhere. */
  record Constant(BigDecimal value) implements Weight {
    public static final Constant ZERO = new Constant(BigDecimal.ZERO);
    public static final Constant ONE = new Constant(BigDecimal.ONE);
  }

  /**
   * A published list: 26 values (BASE, IN00-IN11, M00, OUT00-OUT11) or 20 (BASE, IN00-IN08, M00,
   * OUT00-OUT08). 26 values on SDXL lose IN09-11 and OUT09-11 as in SuperMerger.
   */
  record PerBlock(List<Weight> values) implements Weight {
    public PerBlock {
      values = List.copyOf(values);
    }
  }

  /** A preset of the tables, by its exact name. */
  record Preset(String name) implements Weight {}

  /** {@code {OUT06~OUT11: 0.15, M00: 0.3, else 0}}; which entry wins says {@link #at}. */
  record Selected(List<Entry> entries, Weight otherwise) implements Weight {
    public Selected {
      entries = List.copyOf(entries);
    }
  }

  /** {@code W with {OUT04:attn2: 0.3}}: where no entry matches, the weight below. */
  record Overridden(Weight base, List<Entry> entries) implements Weight {
    public Overridden {
      entries = List.copyOf(entries);
    }
  }

  /** The sum of weights. */
  record Plus(List<Weight> summands) implements Weight {
    public Plus {
      summands = List.copyOf(summands);
    }
  }

  /** The product of weights. */
  record Times(List<Weight> factors) implements Weight {
    public Times {
      factors = List.copyOf(factors);
    }
  }

  /** One weight divided by another, rounded to 60 digits. */
  record Quotient(Weight dividend, Weight divisor) implements Weight {}

  /**
   * {@code ?name[low,high]~start}: a number that {@code bmr fit} looks for. Until it is found it
   * evaluates to an odd number of its own, with ten digits, so that a coefficient sum that holds
   * for it holds for every value, and nothing cancels by accident.
   *
   * @param name unknowns with equal names are one
   * @param file the name of the text it stands in
   * @param from where it begins in that text
   * @param to one past its end
   */
  record Unknown(
      String name,
      Optional<BigDecimal> low,
      Optional<BigDecimal> high,
      Optional<BigDecimal> start,
      String file,
      int from,
      int to)
      implements Weight {}

  /**
   * One entry of a map.
   *
   * @param selectors any of them must match; none means every tensor
   * @param elements fragments of keys, any of which must be in the key; none means every key
   * @param negated the fragments must not match ({@code NOT ff.net})
   */
  record Entry(List<Selector> selectors, List<String> elements, boolean negated, Weight weight) {
    public Entry {
      selectors = List.copyOf(selectors);
      elements = List.copyOf(elements);
    }
  }

  /** What stands left of a map's colon. */
  sealed interface Selector {
    /**
     * One block or a range of blocks in list order, ends included. Blocks that an architecture does
     * not have, and ranges from back to front, match nothing.
     */
    record Blocks(Block first, Block last) implements Selector {}

    /** A sub-name such as VAE, or a group of blocks. */
    record Named(SubName name) implements Selector {}
  }

  /** Sub-names of parts, and groups of blocks. */
  enum SubName {
    /** Every text encoder. */
    CLIP,
    /** SDXL's first text encoder; nothing elsewhere. */
    CLIPL,
    /** SDXL's second text encoder; nothing elsewhere. */
    CLIPG,
    VAE,
    TIME,
    LABEL,
    HEAD,
    IN,
    MID,
    OUT,
    /** All of the U-Net: IN, MID, OUT, and what a block map puts elsewhere. */
    UNET,
    ALL
  }

  /** A tensor as weights see it. */
  record Site(Architecture architecture, Place place, String key) {}

  static Weight of(String decimal) {
    return new Constant(new BigDecimal(decimal));
  }

  /**
   * The value for one tensor. Sums and products are exact, and rounded to 60 significant digits
   * where they are longer.
   *
   * <p>Of a map's entries that match, the last one wins, as in SuperMerger; but an entry that
   * matches by a sub-name of a part (VAE, CLIP, TIME, ...) wins over entries that match by a block
   * or group around it, whatever their order, and CLIPL and CLIPG win over CLIP. So {@code {VAE: 0,
   * BASE: 0.5}} leaves the VAE alone.
   *
   * @throws IllegalStateException if the weight does not fit the architecture; {@link #misfit}
   *     tells beforehand
   * @throws ArithmeticException on a division by zero, or where exponents leave the range of int
   */
  default BigDecimal at(Site site) {
    return WeightEvaluation.at(this, site);
  }

  /**
   * Of a list or a map the weight that counts for a tensor; every other weight itself.
   *
   * @throws IllegalStateException if a list does not fit the architecture
   */
  default Weight chosen(Site site) {
    return WeightEvaluation.chosen(this, site);
  }

  /** The unknowns anywhere in this weight, in the order of writing. */
  default Set<Unknown> unknowns() {
    return WeightFit.unknowns(this);
  }

  /**
   * Why the weight cannot be evaluated on an architecture: a list of the wrong length, an unknown
   * preset. One sentence without full stop, as messages are written.
   */
  default Optional<String> misfit(Architecture architecture) {
    return WeightFit.misfit(this, architecture);
  }

  /**
   * All fragments of keys that decide anything in this weight: tensors that agree on them, on the
   * place and on the architecture agree on the weight.
   */
  default Set<String> elements() {
    return WeightFit.elements(this);
  }

  /** Whether the weight is the same number for every tensor of every architecture. */
  default boolean isConstant() {
    return WeightFit.isConstant(this);
  }

  /** The sum; numbers among the summands are added at once. Without summands 0. */
  static Weight plus(List<Weight> summands) {
    return WeightFolding.plus(summands);
  }

  /** The product; numbers among the factors are multiplied at once. Without factors 1. */
  static Weight times(List<Weight> factors) {
    return WeightFolding.times(factors);
  }

  /** {@code left - right}. */
  static Weight minus(Weight left, Weight right) {
    return plus(List.of(left, negative(right)));
  }

  /** {@code -weight}. */
  static Weight negative(Weight weight) {
    return times(List.of(of("-1"), weight));
  }

  /**
   * The quotient; a number where both are numbers and the divisor is not 0. A divisor of 0 stays a
   * {@link Quotient}, whose evaluation throws.
   */
  static Weight quotient(Weight dividend, Weight divisor) {
    return WeightFolding.quotient(dividend, divisor);
  }
}
