package bmr.analysis;

import bmr.model.Block;
import bmr.model.Place;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * How alike two models are, tensor by tensor.
 *
 * @param streamed how many of the tensors were not linear in the sources, or not in the table, and
 *     so were read
 * @param onlyInModel tensors that the target lacks, or holds in another shape
 * @param onlyInTarget tensors that the model lacks, or holds in another shape
 */
public record ModelComparison(
    String model,
    String target,
    List<Compared> tensors,
    int streamed,
    int onlyInModel,
    int onlyInTarget) {
  public ModelComparison {
    tensors = List.copyOf(tensors);
  }

  /** A tensor that both have. */
  public record Compared(String key, Place place, Figures figures) {}

  /** The comparison of some tensors alone. */
  public ModelComparison on(BiPredicate<String, Place> which) {
    List<Compared> kept =
        tensors.stream().filter(tensor -> which.test(tensor.key(), tensor.place())).toList();
    return new ModelComparison(model, target, kept, streamed, onlyInModel, onlyInTarget);
  }

  /** Per block, in list order. */
  public SequencedMap<Block, Figures> blocks() {
    var blocks = new TreeMap<Block, Figures>();
    for (Compared tensor : tensors) {
      blocks.merge(tensor.place().block(), tensor.figures(), Figures::plus);
    }
    return blocks;
  }

  /** Over all blocks; there must be one. */
  public Figures total() {
    return blocks().values().stream().reduce(Figures::plus).orElseThrow();
  }
}
