package bmr.cli;

import bmr.analysis.Measure;
import bmr.analysis.ModelComparison;
import bmr.analysis.TableSimilarity;
import bmr.analysis.Tables;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Limits;
import bmr.graph.FoldedModel;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.CompareRequest;
import bmr.report.ProgressBar;
import bmr.report.SimilarityText;
import bmr.report.Style;
import bmr.report.Terminal;
import bmr.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code compare} statements of a recipe: similarities in the order of the script. */
final class ComparisonRun {
  private final Recipe recipe;
  private final Optional<String> base;
  private final List<ModelComparison> comparisons = new ArrayList<>();

  private ComparisonRun(Workspace workspace) {
    this.recipe = workspace.recipe();
    var names = new ArrayList<String>();
    for (CompareRequest request : recipe.compares()) {
      names.addAll(names(request));
    }
    this.base = CompareCommand.knownBase(workspace, names);
  }

  private List<String> names(CompareRequest request) {
    return List.of(
        ExpectationRun.name(recipe, request.left()), ExpectationRun.name(recipe, request.right()));
  }

  /**
   * Compares the models as formulas, by one table of inner products for all, and prints a table for
   * each pair.
   *
   * @throws ProblemException if two have nothing in common, or a source cannot be read
   */
  static void print(Context context, Workspace workspace, CacheOptions cache, Limits limits) {
    if (workspace.recipe().compares().isEmpty()) {
      return;
    }
    var run = new ComparisonRun(workspace);
    run.compare(context, workspace, cache, limits);
    run.print(context.terminal());
  }

  private void compare(Context context, Workspace workspace, CacheOptions cache, Limits limits) {
    try (var comparands = new Comparands(Optional.of(workspace));
        var reading = new ProgressBar(context.terminal(), "reading");
        var comparing = new ProgressBar(context.terminal(), "comparing")) {
      for (CompareRequest request : recipe.compares()) {
        names(request).forEach(name -> comparands.add(context, name, List.of()));
      }
      base.ifPresent(name -> comparands.add(context, name, List.of()));
      List<FoldedModel> models = comparands.models();
      Optional<FoldedModel> relative = base.map(_ -> models.getLast());
      TableSimilarity similarity =
          Tables.similarity(
              models,
              comparands.sources(),
              cache.tables(),
              limits,
              reading,
              comparing,
              context.cancelled());
      for (int i = 0; i < recipe.compares().size(); i++) {
        CompareRequest request = recipe.compares().get(i);
        TensorSelection selection = ExpectationRun.selection(request.blocks());
        ModelComparison comparison =
            similarity
                .compare(models.get(2 * i), models.get(2 * i + 1), relative)
                .on(selection.tensors());
        if (comparison.tensors().isEmpty()) {
          throw new ProblemException(
              List.of(
                  Diagnostic.at(
                      request.place(), new RunProblem.NothingInCommon(selection.text()))));
        }
        comparisons.add(comparison);
      }
    }
  }

  private void print(Terminal terminal) {
    List<Measure> columns = CompareCommand.standard(base.isPresent());
    for (ModelComparison comparison : comparisons) {
      terminal.print("");
      terminal.print(
          terminal.paint(Style.HEADING, comparison.model() + " and " + comparison.target()));
      SimilarityText.table(comparison, columns, terminal).forEach(terminal::print);
      base.ifPresent(name -> terminal.print("relative to " + name));
    }
  }
}
