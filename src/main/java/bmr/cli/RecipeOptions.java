package bmr.cli;

import bmr.checkpoint.OwnArchitectures;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.Severity;
import bmr.model.Architecture;
import bmr.recipe.Wanted;
import bmr.workspace.Reading;
import bmr.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that takes a recipe. */
final class RecipeOptions {
  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = {
        "A folder to look for models in, with all folders",
        "below it; may be given more than once."
      })
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = {
        "A parameter or `let` of the recipe from outside:",
        "--set w=0.08, --set \"alpha={OUT: 0.15}\"."
      })
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--network",
      paramLabel = "FILE",
      description = {
        "A description of an architecture that bmr does not",
        "know; may be given more than once."
      })
  private List<Path> architectureFiles = new ArrayList<>();

  /** The folders as given, made usable. */
  List<Path> folders(Context context) {
    return models.stream().map(context::resolveFolder).toList();
  }

  /** Opens a recipe. Says nothing; whoever opens decides which diagnostics to show. */
  Workspace openSilently(Context context, Path recipe) {
    return Workspace.open(
        request(context, Optional.of(recipe), Optional.empty(), Wanted.AS_WRITTEN));
  }

  /** As {@link #openSilently(Context, Path)}, for a recipe that may do without some files. */
  Workspace openSilently(Context context, Path recipe, Reading reading) {
    return Workspace.open(
        request(context, Optional.of(recipe), Optional.empty(), Wanted.AS_WRITTEN), reading);
  }

  /**
   * Opens a recipe or a formula and shows what is to be said about it.
   *
   * @param least what is too unimportant to show lies below this
   */
  Workspace open(
      Context context,
      Optional<Path> recipe,
      Optional<String> formula,
      Wanted wanted,
      Severity least) {
    return shown(context, Workspace.open(request(context, recipe, formula, wanted)), least);
  }

  /** Opens a recipe that may do without some files, and shows what is to be said about it. */
  Workspace open(Context context, Path recipe, Wanted wanted, Severity least, Reading reading) {
    var request = request(context, Optional.of(recipe), Optional.empty(), wanted);
    return shown(context, Workspace.open(request, reading), least);
  }

  private Workspace.Request request(
      Context context, Optional<Path> recipe, Optional<String> formula, Wanted wanted) {
    List<Path> folders = folders(context);
    if (formula.isPresent() && folders.isEmpty()) {
      folders = List.of(context.resolve(Path.of(".")));
    }
    return new Workspace.Request(
        recipe.map(context::resolve),
        formula,
        folders,
        new LinkedHashMap<>(settings),
        wanted,
        architectureFiles.stream().map(context::resolve).toList(),
        context.user());
  }

  /** Architectures that the user describes. */
  List<Architecture> architectures(Context context) {
    return architectureFiles.stream().map(context::resolve).map(OwnArchitectures::read).toList();
  }

  /** Shows the diagnostics, or throws them all where an error is among them. */
  private static Workspace shown(Context context, Workspace workspace, Severity least) {
    List<Diagnostic> diagnostics = workspace.diagnostics();
    if (workspace.failed()) {
      workspace.close();
      throw new ProblemException(diagnostics);
    }
    new Messages(context.terminal())
        .print(
            diagnostics.stream()
                .filter(diagnostic -> diagnostic.problem().severity().compareTo(least) <= 0)
                .toList());
    return workspace;
  }
}
