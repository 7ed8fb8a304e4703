package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.graph.LinearForm;
import bmr.graph.TensorFormula;
import bmr.graph.TensorFormula.Blend;
import bmr.graph.TensorFormula.Channels;
import bmr.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A part of a tensor that is made by one form: the whole, or some channels of dimension 1.
 *
 * @param rows how often the part occurs: dimension 0, or each element of a whole tensor
 * @param inner elements of one channel in one row
 * @param firstChannel where the part begins in dimension 1
 * @param channels how many channels it has
 * @param whole whether it is the whole tensor (then a row is one element)
 */
record Region(String key, long rows, long inner, long firstChannel, long channels, boolean whole) {

  /** Elements of the region in one row. */
  long rowElements() {
    return channels * inner;
  }

  long elements() {
    return rows * rowElements();
  }

  /** Where the region lies in a tensor with so many channels. */
  View view(long tensorChannels) {
    return whole
        ? View.WHOLE
        : new View(rowElements(), tensorChannels * inner, firstChannel * inner);
  }

  /** Where the region lies in a source, which must hold the tensor. */
  Slot slot(int source, List<Checkpoint> sources) {
    StoredTensor stored = Operands.stored(sources, source, key);
    long tensorChannels = whole ? 1 : stored.info().shape().dimension(1);
    return new Slot(source, stored.info().dtype(), stored.position(), view(tensorChannels));
  }

  /**
   * The parts of a tensor in which each of the formulas is one form.
   *
   * @param formulas blends and channel splits; others have no parts
   */
  static List<Region> of(String key, Shape shape, List<TensorFormula> formulas) {
    var cuts = new TreeSet<Long>();
    for (TensorFormula formula : formulas) {
      if (formula instanceof Channels split) {
        cuts.add((long) split.channels());
      }
    }
    if (cuts.isEmpty()) {
      return List.of(new Region(key, shape.elements(), 1, 0, 1, true));
    }
    long inner = 1;
    for (int i = 2; i < shape.rank(); i++) {
      inner *= shape.dimension(i);
    }
    cuts.add(shape.dimension(1));
    var regions = new ArrayList<Region>();
    long first = 0;
    for (long cut : cuts) {
      if (cut > first && cut <= shape.dimension(1)) {
        regions.add(new Region(key, shape.dimension(0), inner, first, cut - first, false));
        first = cut;
      }
    }
    return regions;
  }

  /** The form that makes this region. */
  LinearForm form(TensorFormula formula) {
    return switch (formula) {
      case Blend blend -> blend.form();
      case Channels split -> firstChannel < split.channels() ? split.common() : split.rest();
      case TensorFormula.Verbatim verbatim ->
          throw new IllegalArgumentException("copied bytes have no form");
      case TensorFormula.PositionIds ids ->
          throw new IllegalArgumentException("position ids have no form");
    };
  }
}
