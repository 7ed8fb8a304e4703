package bmr.cli;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Severity;
import bmr.recipe.Recipe;
import bmr.report.Quantities;
import bmr.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bmr check}. */
@Command(
    name = "check",
    sortOptions = false,
    header = "Say everything that is wrong with a recipe.",
    description = {
      "",
      "Reads the recipe and the headers of its models, but no tensor. All problems",
      "are told at once, each with its place and, where there is one, the way out.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  bmr check post.bmr --models ~/models",
      "",
      "Exit status: 0 if the recipe can be run, 1 if not.",
    })
final class CheckCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "RECIPE", description = "The recipe, a .bmr file.")
  private Path recipe = Path.of("");

  @Mixin private final RecipeOptions options = new RecipeOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  CheckCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (Workspace workspace = options.openSilently(context, recipe)) {
      List<Diagnostic> diagnostics = workspace.diagnostics();
      var messages = new Messages(context.terminal());
      messages.print(diagnostics);
      messages.offerExplanation(diagnostics);
      context
          .terminal()
          .print(
              recipe
                  + ": "
                  + (workspace.failed() ? "" : size(workspace.recipe()) + ", ")
                  + counts(diagnostics));
      return workspace.failed() ? ExitStatus.FAULT : ExitStatus.DONE;
    }
  }

  private static String size(Recipe recipe) {
    return Quantities.count(recipe.models().size(), "definition")
        + " over "
        + Quantities.count(
            recipe.sources().stream().map(Recipe.SourceModel::file).distinct().count(),
            "model file");
  }

  private static String counts(List<Diagnostic> diagnostics) {
    var counts = new StringJoiner(", ");
    counts.setEmptyValue("no problems");
    for (Severity severity : Severity.values()) {
      long count = diagnostics.stream().filter(d -> d.problem().severity() == severity).count();
      if (count > 0) {
        counts.add(
            Quantities.count(
                count,
                switch (severity) {
                  case ERROR -> "error";
                  case WARNING -> "warning";
                  case NOTE -> "note";
                }));
      }
    }
    return counts.toString();
  }
}
