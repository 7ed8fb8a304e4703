package bmr.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * A weight as a function of the tensor it scales; exact decimals, so that {@code 1 - alpha} reaches
 * 0 and 1 exactly. Lists and presets know their length only with the architecture, so a weight is
 * evaluated when headers are known.
 */
public sealed interface Weight {
  /** One number everywhere. */
  record Constant(BigDecimal value) implements Weight {}

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

  /** {@code {OUT06~OUT11: 0.15, M00: 0.3, else 0}}: the last entry that matches wins. */
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
    /** One block or a range of blocks in list order, ends included. */
    record Blocks(Block first, Block last) implements Selector {}

    /** A sub-name such as VAE; CLIP covers CLIPL and CLIPG. */
    record Named(SubName name) implements Selector {}
  }

  /** Sub-names and groups of blocks. */
  enum SubName {
    CLIP,
    CLIPL,
    CLIPG,
    VAE,
    TIME,
    LABEL,
    HEAD,
    IN,
    MID,
    OUT,
    UNET,
    ALL
  }

  /** A tensor as weights see it. */
  record Site(Architecture architecture, Place place, String key) {}

  Weight ZERO = new Constant(BigDecimal.ZERO);
  Weight ONE = new Constant(BigDecimal.ONE);

  static Weight of(String decimal) {
    return new Constant(new BigDecimal(decimal));
  }

  /**
   * The value for one tensor.
   *
   * @throws IllegalStateException if the weight does not fit the architecture; {@code fits} tells
   *     beforehand
   */
  default BigDecimal at(Site site) {
    throw new UnsupportedOperationException();
  }

  /**
   * All fragments of keys that decide anything in this weight: tensors that agree on them agree.
   */
  default Set<String> elements() {
    throw new UnsupportedOperationException();
  }

  /** Whether the weight is the same number for every tensor of every architecture. */
  default boolean isConstant() {
    throw new UnsupportedOperationException();
  }
}
