package bmr.engine;

import bmr.graph.FoldedModel;
import bmr.graph.TensorFormula;
import bmr.model.Block;
import bmr.model.Part;
import bmr.tensor.TensorInfo;
import java.util.List;

/**
 * What a run will do, as a value that can be printed before a byte is read.
 *
 * @param model the formulas
 * @param outputs one per tensor of the model, in the same order, with the type it is written in
 * @param classes tensors that share a formula, in block order
 * @param sources one per source of the recipe, in the recipe's order
 * @param readBytes bytes of tensors that must be read, each range counted once
 * @param writeBytes bytes of tensors that are written, without the header
 * @param peakMemory bytes of buffers that the run allocates at most
 */
public record Plan(
    FoldedModel model,
    List<TensorInfo> outputs,
    List<PlanClass> classes,
    List<SourceUse> sources,
    long readBytes,
    long writeBytes,
    long peakMemory,
    Limits limits) {
  public Plan {
    outputs = List.copyOf(outputs);
    classes = List.copyOf(classes);
    sources = List.copyOf(sources);
  }

  /** How the tensors of a class come about. */
  public enum Operation {
    COPY,
    COMBINE,
    METHOD
  }

  /**
   * Tensors with one formula.
   *
   * @param blocks the blocks they lie in, in list order
   * @param parts the parts they belong to
   */
  public record PlanClass(
      List<Block> blocks,
      List<Part> parts,
      int tensors,
      long elements,
      Operation operation,
      TensorFormula formula) {
    public PlanClass {
      blocks = List.copyOf(blocks);
      parts = List.copyOf(parts);
    }
  }

  /** What a source is used for; no bytes means that it is never read. */
  public record SourceUse(String name, long fileBytes, long readBytes) {}
}
