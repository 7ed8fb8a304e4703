package bmr.graph;

import bmr.model.Architecture;
import bmr.model.Part;
import bmr.model.Place;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.util.List;

/**
 * A named model as formulas over the sources' tensors.
 *
 * @param name the name in the script
 * @param sources names of the recipe's sources; formulas refer to them by index
 * @param primary index of the leftmost source as written
 * @param tensors what the model consists of, in block order; inside a block in the order of the
 *     primary source's file, then of the others'
 * @param cases what was treated specially, for the run's summary
 */
public record FoldedModel(
    String name,
    Architecture architecture,
    List<String> sources,
    int primary,
    List<FoldedTensor> tensors,
    List<SpecialCase> cases) {
  public FoldedModel {
    sources = List.copyOf(sources);
    tensors = List.copyOf(tensors);
    cases = List.copyOf(cases);
  }

  /**
   * One tensor.
   *
   * @param key canonical spelling, as written to the output
   * @param sourceDType the type in the first operand that holds it
   * @param tensorClass tensors of one class share one formula object
   */
  public record FoldedTensor(
      String key,
      Shape shape,
      DType sourceDType,
      Place place,
      int tensorClass,
      TensorFormula formula) {}

  /** Tensors of a part that were treated alike. */
  public record SpecialCase(Kind kind, Part part, int tensors, List<String> sources) {
    public SpecialCase {
      sources = List.copyOf(sources);
    }
  }

  /** Kinds of special treatment. */
  public enum Kind {
    /** Some carriers lack the tensor: the first that holds it stands for all. */
    CARRIER_MISSING,
    /** A difference with a missing side counts as zero. */
    CHANGE_SKIPPED,
    /** Never blended: taken from the first operand that holds it. */
    NEVER_BLENDED,
    /** EMA copies left out. */
    EMA_DROPPED,
    /** Loss weights and optimizer state left out. */
    TRAINING_DROPPED,
    /** Markers and schedules of operands other than the primary one left out. */
    SECONDARY_DROPPED,
    /** Wide and narrow first convolutions combined on the common channels. */
    CHANNELS,
    /** {@code position_ids} written anew. */
    POSITION_IDS,
    /** Two spellings of one shape. */
    SHAPE_SPELLING,
    /** Parts left out because the script says so. */
    PART_LEFT_OUT
  }
}
