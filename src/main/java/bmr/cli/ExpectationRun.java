package bmr.cli;

import bmr.analysis.Measure;
import bmr.analysis.ModelComparison;
import bmr.analysis.TableSimilarity;
import bmr.analysis.Tables;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ExpectationProblem;
import bmr.diagnostic.ProblemException;
import bmr.engine.Limits;
import bmr.graph.FoldedModel;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.ExpectationRequest;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Wanted;
import bmr.report.ExpectationText;
import bmr.report.ProgressBar;
import bmr.report.Terminal;
import bmr.workspace.Expectations;
import bmr.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out whether what a recipe expects and requires holds. */
final class ExpectationRun {
  private final List<Result> results;

  private record Result(ExpectationRequest request, double value) {
    boolean holds() {
      return request.comparison().holds(value, request.limit());
    }

    String shown() {
      return ExpectationText.value(value, request);
    }
  }

  private ExpectationRun(List<Result> results) {
    this.results = results;
  }

  /** Those of a recipe that matter for what is wanted. */
  static List<ExpectationRequest> of(Recipe recipe, Wanted wanted) {
    return recipe.expectations().stream()
        .filter(expectation -> Expectations.matters(expectation, recipe, wanted))
        .toList();
  }

  /** Lists what will be asked, below a blank line. */
  static void list(Terminal terminal, List<ExpectationRequest> requests) {
    if (!requests.isEmpty()) {
      terminal.print("");
      requests.forEach(request -> terminal.print(request.statement()));
    }
  }

  /**
   * Compares the models, by one table of inner products for all, as they are before they are
   * rounded to the type of a file.
   *
   * @throws ProblemException if two have nothing in common, or a source cannot be read
   */
  static ExpectationRun of(
      Context context,
      Workspace workspace,
      List<ExpectationRequest> requests,
      CacheOptions cache,
      Limits limits) {
    if (requests.isEmpty()) {
      return new ExpectationRun(List.of());
    }
    try (var comparands = new Comparands(Optional.of(workspace));
        var reading = new ProgressBar(context.terminal(), "reading");
        var comparing = new ProgressBar(context.terminal(), "comparing")) {
      for (ExpectationRequest request : requests) {
        for (Formula model : request.models()) {
          comparands.add(context, name(workspace.recipe(), model), List.of());
        }
      }
      List<FoldedModel> models = comparands.models();
      TableSimilarity similarity =
          Tables.similarity(
              models,
              comparands.sources(),
              cache.tables(),
              limits,
              reading,
              comparing,
              context.cancelled());
      var results = new ArrayList<Result>();
      int next = 0;
      for (ExpectationRequest request : requests) {
        int count = request.models().size();
        results.add(result(similarity, request, models.subList(next, next + count)));
        next += count;
      }
      return new ExpectationRun(results);
    }
  }

  /** The name that a bound name was written as. */
  static String name(Recipe recipe, Formula formula) {
    return switch (formula) {
      case Formula.OfSource source -> recipe.sources().get(source.source()).name();
      case Formula.OfModel model -> recipe.models().get(model.model()).name();
      case Formula.Sum _,
          Formula.Call _,
          Formula.Fallback _,
          Formula.Adjusted _,
          Formula.OfComponent _ ->
          throw new IllegalStateException("a name is no formula");
    };
  }

  /** Blocks, ranges and components as a script names them. */
  static TensorSelection selection(List<String> blocks) {
    return blocks.isEmpty()
        ? TensorSelection.ALL
        : TensorSelection.of(String.join(",", blocks).replaceAll("[\u2212\u2013]", "~"));
  }

  private static Result result(
      TableSimilarity similarity, ExpectationRequest request, List<FoldedModel> models) {
    Measure measure = Expectations.measure(request).orElseThrow();
    Optional<FoldedModel> base = models.size() > 2 ? Optional.of(models.get(2)) : Optional.empty();
    TensorSelection selection = selection(request.blocks());
    ModelComparison comparison =
        similarity.compare(models.get(0), models.get(1), base).on(selection.tensors());
    if (comparison.tensors().isEmpty()) {
      throw new ProblemException(
          List.of(
              Diagnostic.at(
                  request.place(), new ExpectationProblem.NothingCompared(request.statement()))));
    }
    return new Result(request, comparison.total().value(measure));
  }

  /**
   * Ends a run that must not write.
   *
   * @throws ProblemException if something required does not hold
   */
  void demand() {
    if (results.stream().anyMatch(result -> result.request().required() && !result.holds())) {
      throw new ProblemException(unmet());
    }
  }

  /** What does not hold, in the order of the script. */
  List<Diagnostic> unmet() {
    return results.stream()
        .filter(result -> !result.holds())
        .map(result ->
            Diagnostic.at(
                result.request().place(),
                new ExpectationProblem.Unmet(
                    result.request().statement(), result.shown(), result.request().required())))
        .toList();
  }

  /** Says what holds, a line each. */
  void print(Terminal terminal) {
    results.stream()
        .filter(Result::holds)
        .forEach(result -> terminal.print(result.request().statement() + ": " + result.shown()));
  }
}
