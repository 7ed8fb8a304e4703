package bmr.analysis;

import bmr.checkpoint.Checkpoint;
import bmr.engine.InnerProducts;
import bmr.engine.InnerProducts.Comparand;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel.Products;
import bmr.model.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Cosine similarity and distance of models, block by block, by streaming both. */
public final class Similarity {
  private Similarity() {}

  /**
   * Compares models with one target in a single pass. Tensors that are copied whatever they hold
   * (integers, markers, schedules) and position ids take no part.
   *
   * @param models all folded over the same sources
   * @param target folded over the same sources too
   * @param progress told elements of the target instead of bytes
   * @return for each model, in order, its comparison
   * @throws bmr.diagnostic.ProblemException with a MergeProblem or RunProblem where that fails
   */
  public static List<Comparison> compare(
      List<FoldedModel> models,
      FoldedModel target,
      List<Checkpoint> sources,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled) {
    return compare(
        models,
        target,
        comparands -> InnerProducts.of(comparands, sources, limits, progress, cancelled));
  }

  /** What streams. */
  interface Streaming {
    List<List<Products>> products(List<Comparand> comparands);
  }

  static List<Comparison> compare(
      List<FoldedModel> models, FoldedModel target, Streaming streaming) {
    List<Map<String, FoldedTensor>> byKey = models.stream().map(Similarity::blended).toList();
    var comparands = new ArrayList<Comparand>();
    var takingPart = new ArrayList<List<Integer>>();
    var blocks = new ArrayList<Block>();
    for (FoldedTensor tensor : blended(target).values()) {
      var versions = new ArrayList<TensorFormula>();
      var indices = new ArrayList<Integer>();
      for (int i = 0; i < models.size(); i++) {
        FoldedTensor version = byKey.get(i).get(tensor.key());
        if (version != null && version.shape().sameButForTrailingOnes(tensor.shape())) {
          versions.add(version.formula());
          indices.add(i);
        }
      }
      if (!versions.isEmpty()) {
        comparands.add(new Comparand(tensor.key(), tensor.shape(), versions, tensor.formula()));
        takingPart.add(indices);
        blocks.add(tensor.place().block());
      }
    }
    List<List<Products>> products = streaming.products(comparands);
    var comparisons = new ArrayList<Comparison>();
    for (int i = 0; i < models.size(); i++) {
      var sums = new TreeMap<Block, Products>();
      int common = 0;
      for (int tensor = 0; tensor < comparands.size(); tensor++) {
        int version = takingPart.get(tensor).indexOf(i);
        if (version >= 0) {
          common++;
          sums.merge(blocks.get(tensor), products.get(tensor).get(version), Products::plus);
        }
      }
      comparisons.add(
          new Comparison(
              models.get(i).name(),
              target.name(),
              sums,
              sums.values().stream().reduce(Products.ZERO, Products::plus),
              byKey.get(i).size() - common,
              blended(target).size() - common));
    }
    return comparisons;
  }

  static Map<String, FoldedTensor> blended(FoldedModel model) {
    var tensors = new LinkedHashMap<String, FoldedTensor>();
    for (FoldedTensor tensor : model.tensors()) {
      boolean compared =
          switch (tensor.formula()) {
            case TensorFormula.Blend blend -> true;
            case TensorFormula.Channels channels -> true;
            case TensorFormula.Verbatim verbatim -> false;
            case TensorFormula.PositionIds ids -> false;
          };
      if (compared) {
        tensors.put(tensor.key(), tensor);
      }
    }
    return tensors;
  }

  /**
   * Inner products of two models over the tensors that both hold in one shape.
   *
   * @param blocks per block, in list order; ⟨model,model⟩, ⟨model,target⟩, ⟨target,target⟩ and the
   *     squared distance over the flattened block
   * @param total over all blocks
   * @param onlyInModel tensors that the target lacks, or holds in another shape
   * @param onlyInTarget tensors that the model lacks, or holds in another shape
   */
  public record Comparison(
      String model,
      String target,
      SequencedMap<Block, Products> blocks,
      Products total,
      int onlyInModel,
      int onlyInTarget) {}
}
