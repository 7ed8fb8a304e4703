package bmr.graph;

import java.util.LinkedHashSet;
import java.util.Set;

/** How one tensor of a model comes about. */
public sealed interface TensorFormula {
  /** Indices of the sources that the tensor is made of, in order of first appearance. */
  default Set<Integer> sources() {
    return switch (this) {
      case Blend(LinearForm form) -> form.sources();
      case Verbatim(int source) -> Set.of(source);
      case PositionIds() -> Set.of();
      case Channels(LinearForm common, int channels, LinearForm rest) -> {
        Set<Integer> all = new LinkedHashSet<>(common.sources());
        all.addAll(rest.sources());
        yield all;
      }
    };
  }

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
