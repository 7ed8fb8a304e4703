package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.graph.FoldedModel;
import java.util.List;

/** Makes plans. */
public final class Planner {
  private Planner() {}

  /**
   * Plans the making of a model.
   *
   * @param sources by the model's source indices
   * @throws bmr.diagnostic.ProblemException with a MergeProblem or RunProblem where it cannot be
   */
  public static Plan plan(
      FoldedModel model, List<Checkpoint> sources, OutputType type, Limits limits) {
    throw new UnsupportedOperationException();
  }
}
