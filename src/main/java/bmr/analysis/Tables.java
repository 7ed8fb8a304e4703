package bmr.analysis;

import bmr.analysis.InnerProductTable.Source;
import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.InnerProducts;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** From models of a recipe, and their files, to comparisons by a table. */
public final class Tables {
  private Tables() {}

  /**
   * What compares models by a table of the sources of which they are linear combinations: from the
   * cache, or made now.
   *
   * @param models all folded over {@code sources}
   * @param reading told bytes while the table is made
   * @param comparing told elements while tensors are streamed
   * @throws ProblemException with a RunProblem where a source cannot be read
   */
  public static TableSimilarity similarity(
      List<FoldedModel> models,
      List<Checkpoint> sources,
      TableCache cache,
      Limits limits,
      Progress reading,
      Progress comparing,
      BooleanSupplier cancelled) {
    Linear linear = linear(models, sources, cache, limits, reading, cancelled);
    return new TableSimilarity(
        linear.table(),
        linear.columns(),
        comparands -> InnerProducts.of(comparands, sources, limits, comparing, cancelled));
  }

  /**
   * A table of the sources of which models are linear combinations.
   *
   * @param columns per source of the models its index in the table, or -1
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Linear(InnerProductTable table, int[] columns) {}

  /**
   * The table of the sources of which models are linear combinations: from the cache, or made now.
   *
   * @throws ProblemException as {@link #similarity}
   */
  public static Linear linear(
      List<FoldedModel> models,
      List<Checkpoint> sources,
      TableCache cache,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled) {
    int[] columns = new int[sources.size()];
    Arrays.fill(columns, -1);
    var chosen = new ArrayList<Checkpoint>();
    for (int source : TableSimilarity.linearSources(models)) {
      columns[source] = chosen.size();
      chosen.add(sources.get(source));
    }
    InnerProductTable table = cache.table(sources(chosen), chosen, limits, progress, cancelled);
    return new Linear(table, columns);
  }

  /** What compares models without a table: everything is streamed. */
  public static TableSimilarity streaming(
      List<Checkpoint> sources, Limits limits, Progress progress, BooleanSupplier cancelled) {
    int[] columns = new int[sources.size()];
    Arrays.fill(columns, -1);
    return new TableSimilarity(
        new InnerProductTable(List.of(), List.of(), List.of(), List.of()),
        columns,
        comparands -> InnerProducts.of(comparands, sources, limits, progress, cancelled));
  }

  /**
   * Models with their content keys.
   *
   * @throws ProblemException with a RunProblem where one cannot be read
   */
  public static List<Source> sources(List<Checkpoint> models) {
    var sources = new ArrayList<Source>();
    for (Checkpoint model : models) {
      try {
        sources.add(new Source(model.name(), ContentKey.of(model)));
      } catch (IOException e) {
        throw new ProblemException(
            new RunProblem.SourceUnreadable(model.path(), String.valueOf(e.getMessage())));
      }
    }
    return sources;
  }
}
