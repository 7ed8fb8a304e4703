package bmr.analysis;

import bmr.checkpoint.Checkpoint;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.kernel.Kernel.Products;
import bmr.model.Block;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/** Cosine similarity and distance of models, block by block, by streaming both. */
public final class Similarity {
  private Similarity() {}

  /**
   * Compares models with one target in a single pass.
   *
   * @param models all folded over the same sources
   * @param target folded over the same sources too
   * @return for each model, in order, its comparison
   */
  public static List<Comparison> compare(
      List<FoldedModel> models,
      FoldedModel target,
      List<Checkpoint> sources,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled) {
    throw new UnsupportedOperationException();
  }

  /**
   * Inner products of two models over the tensors that both hold in one shape.
   *
   * @param blocks per block, in list order; ⟨model,model⟩, ⟨model,target⟩, ⟨target,target⟩ and the
   *     squared distance over the flattened block
   * @param total over all blocks
   * @param onlyInModel tensors that the target lacks
   * @param onlyInTarget tensors that the model lacks
   */
  public record Comparison(
      String model,
      String target,
      SequencedMap<Block, Products> blocks,
      Products total,
      int onlyInModel,
      int onlyInTarget) {}
}
