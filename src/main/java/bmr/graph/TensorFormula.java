package bmr.graph;

/** How one tensor of a model comes about. */
public sealed interface TensorFormula {
  /** Computed from the sources' values; every source in it holds the tensor in one shape. */
  record Blend(LinearForm form) implements TensorFormula {}

  /** The bytes of one source, whatever their type. */
  record Verbatim(int source) implements TensorFormula {}

  /** int64 0..76, shape (1,77), whatever the sources hold. */
  record PositionIds() implements TensorFormula {}

  /**
   * The first convolution of an inpainting model: {@code common} makes the first {@code channels}
   * of dimension 1 from all sources, {@code rest} the others from the wide sources alone.
   */
  record Channels(LinearForm common, int channels, LinearForm rest) implements TensorFormula {}
}
