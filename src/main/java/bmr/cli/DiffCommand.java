package bmr.cli;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RequestProblem;
import bmr.diagnostic.Severity;
import bmr.graph.RecipeDifference;
import bmr.model.Architecture;
import bmr.report.DifferenceJson;
import bmr.report.DifferenceText;
import bmr.report.Style;
import bmr.report.Terminal;
import bmr.sample.ArchitectureKeys;
import bmr.workspace.Reading;
import bmr.workspace.RecipePair;
import bmr.workspace.Workspace;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr diff}. */
@Command(
    name = "diff",
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.TROUBLE,
    header = "Say what two recipes make differently.",
    description = {
      "",
      "Compares what the recipes mean: the coefficient of every source in every",
      "block, whatever the definitions between are called and however the formulas",
      "are written. Models are paired by name; if each recipe makes one, these two.",
      "No model file is needed: sources are the same if their names are, and all are",
      "taken to hold all tensors.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 the same, 1 different, 2 not compared (a problem in a recipe,",
      "or wrong usage).",
      "",
      "Examples:",
      "  bmr diff yesterday.bmr today.bmr",
      "  bmr diff post.bmr mine.bmr --name \"NAI full=animefull\" --json",
    })
final class DiffCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "OLD", description = "A recipe, a .bmr file.")
  private Path oldRecipe = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "Another recipe.")
  private Path newRecipe = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "OLD=NEW",
      description = {
        "What OLD calls by the first name, NEW calls by the",
        "second: an output, another definition or a source.",
        "May be given more than once."
      })
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--all",
      description = {"Compare the other definitions that both have, too."})
  private boolean all;

  @Option(
      names = "--tolerance",
      paramLabel = "NUMBER",
      description = {
        "Numbers no farther apart are the same; 1e-9 by",
        "default, which no element type of a file can show."
      })
  private BigDecimal tolerance = new BigDecimal("1e-9");

  @Option(names = "--json", description = "The same as JSON, for other programs.")
  private boolean json;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description = {"Whose blocks, where no file says: sd1, sd2 or sdxl."})
  private @Nullable Architecture architecture;

  @Mixin private final RecipeOptions options = new RecipeOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  DiffCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (tolerance.signum() < 0) {
      throw new ParameterException(spec.commandLine(), "--tolerance takes no negative number");
    }
    RecipeDifference difference = difference(Optional.ofNullable(architecture));
    Terminal terminal = context.terminal();
    if (json) {
      terminal.print(
          DifferenceJson.of(Program.version(), name(oldRecipe), name(newRecipe), difference));
    } else {
      DifferenceText.lines(
              difference,
              name(oldRecipe),
              name(newRecipe),
              terminal.width(),
              text -> terminal.paint(Style.HEADING, text))
          .forEach(terminal::print);
    }
    return difference.same() ? ExitStatus.DONE : ExitStatus.DIFFERENT;
  }

  /** The file's name; with its folder where both have the same. */
  private String name(Path recipe) {
    boolean alike = Objects.equals(oldRecipe.getFileName(), newRecipe.getFileName());
    return alike ? recipe.toString().replace('\\', '/') : String.valueOf(recipe.getFileName());
  }

  private RecipeDifference difference(Optional<Architecture> blocks) {
    Reading.Files files =
        options.folders(context).isEmpty() ? Reading.Files.NONE : Reading.Files.WHERE_KNOWN;
    var reading = new Reading(files, true, blocks);
    try (Workspace old = options.openSilently(context, oldRecipe, reading);
        Workspace now = options.openSilently(context, newRecipe, reading)) {
      throwErrors(old, now);
      if (!old.architecture().equals(now.architecture())) {
        if (blocks.isPresent()) {
          throw new IllegalStateException("two architectures at once");
        }
        return difference(Optional.of(common(old, now)));
      }
      var pair = new RecipePair(old, now, names(old, now));
      return pair.difference(all, ArchitectureKeys.of(now.architecture()), tolerance);
    }
  }

  /** One recipe may be guessed to be for SD 1.x only because it has no list of 20 weights. */
  private static Architecture common(Workspace old, Workspace now) {
    if (old.knownArchitecture().isEmpty() && now.knownArchitecture().isEmpty()) {
      return Architecture.SDXL;
    }
    Architecture one = old.knownArchitecture().orElse(now.architecture());
    Architecture other = now.knownArchitecture().orElse(one);
    if (old.knownArchitecture().isPresent() && !one.equals(other)) {
      throw new ProblemException(new RequestProblem.OtherArchitecture(one.label(), other.label()));
    }
    return other;
  }

  private static void throwErrors(Workspace old, Workspace now) {
    List<Diagnostic> errors = new ArrayList<>();
    Set<List<Object>> told = new HashSet<>();
    for (Workspace workspace : List.of(old, now)) {
      for (Diagnostic diagnostic : workspace.diagnostics()) {
        // both may include the same script
        List<Object> what =
            List.of(
                diagnostic.problem(),
                diagnostic
                    .place()
                    .map(place -> place.source().name() + ":" + place.start())
                    .orElse(""));
        if (diagnostic.problem().severity() == Severity.ERROR && told.add(what)) {
          errors.add(diagnostic);
        }
      }
    }
    if (!errors.isEmpty()) {
      throw new ProblemException(errors);
    }
  }

  /** The names given, split at the {@code =} that leaves a name of each recipe. */
  private Map<String, String> names(Workspace old, Workspace now) {
    if (names.isEmpty()) {
      return Map.of();
    }
    var pair = new RecipePair(old, now, Map.of());
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : names) {
      int at = name.indexOf('=');
      while (at >= 0 && !pair.has(name.substring(0, at), name.substring(at + 1))) {
        at = name.indexOf('=', at + 1);
      }
      if (at < 0) {
        throw new ParameterException(
            spec.commandLine(),
            "--name takes two names of the same thing, OLD=NEW, and `" + name + "` is not that");
      }
      found.put(name.substring(0, at), name.substring(at + 1));
    }
    return found;
  }
}
