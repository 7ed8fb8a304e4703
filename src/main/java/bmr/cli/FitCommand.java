package bmr.cli;

import bmr.analysis.Tables;
import bmr.analysis.WeightFitting;
import bmr.analysis.WeightFitting.Result;
import bmr.analysis.WeightFitting.Variable;
import bmr.diagnostic.FitProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.Severity;
import bmr.graph.FoldedModel;
import bmr.model.Architecture;
import bmr.model.Weight;
import bmr.recipe.Wanted;
import bmr.report.FitText;
import bmr.report.ProgressBar;
import bmr.workspace.Workspace;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr fit}. */
@Command(
    name = "fit",
    sortOptions = false,
    header = "Find the weights that bring a recipe closest to a model.",
    description = {
      "",
      "A `?` in a recipe stands for a weight to be found: `A + (B - v15) x ?`. Names",
      "(`?w`), bounds (`?[0,1]`) and a start (`?~0.1`) may follow. The models are read",
      "once; the weights that give the least distance are found from their inner",
      "products, and the recipe is written with numbers in place of the `?`.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr fit post.bmr FINAL --target other.safetensors --models ~/models",
      "  bmr fit post.bmr --target Other --relative-to v15 --round 0.01 -o found.bmr",
    })
final class FitCommand implements Callable<Integer> {
  /** Where the search begins when the recipe does not say. */
  private static final double START = 0.1;

  private final Context context;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a .bmr file.")
  private Path recipe = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = {"The definition to fit; by default what `bmr run`", "would make."})
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--target",
      required = true,
      paramLabel = "MODEL",
      description = "What to come close to: a file, or a name of the recipe.")
  private String target = "";

  @Option(
      names = "--relative-to",
      paramLabel = "MODEL",
      description = {
        "The base, a file or a name: distances are relative",
        "to what was made of it. A recipe's v1-5-pruned is",
        "taken unasked."
      })
  private Optional<String> base = Optional.empty();

  @Option(
      names = "--on",
      paramLabel = "BLOCKS",
      description = "Only these, as for `bmr compare`: OUT, IN+M00, VAE.",
      converter = TensorSelection.Converter.class)
  private TensorSelection selection = TensorSelection.ALL;

  @Option(
      names = "--round",
      paramLabel = "UNIT",
      description = {
        "Weights that are multiples of this, such as 0.01;",
        "the others are fitted again after each is rounded."
      })
  private Optional<BigDecimal> round = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The recipe with numbers; without this to standard output.")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--write", description = "Write the numbers into the recipe itself.")
  private boolean write;

  @Option(names = "--overwrite", description = "Replace FILE if it is there.")
  private boolean overwrite;

  @Option(names = "--json", description = "Everything as JSON, for other programs.")
  private boolean json;

  @Mixin private final CacheOptions cache = new CacheOptions();
  @Mixin private final RecipeOptions options = new RecipeOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  FitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (write && output.isPresent()) {
      throw new ParameterException(spec.commandLine(), "either --write or --output");
    }
    if (round.isPresent() && round.get().signum() <= 0) {
      throw new ParameterException(spec.commandLine(), "--round needs a number above 0");
    }
    try (Workspace workspace =
        options.open(
            context,
            Optional.of(recipe),
            Optional.empty(),
            new Wanted(Optional.empty(), true),
            Severity.ERROR)) {
      fit(workspace);
    }
    return ExitStatus.DONE;
  }

  private void fit(Workspace workspace) {
    String model = name.orElseGet(() -> only(workspace));
    Set<Weight.Unknown> unknowns = workspace.unknowns(model);
    if (unknowns.isEmpty()) {
      throw new ProblemException(new FitProblem.NothingToFit(model));
    }
    List<Variable> variables = variables(unknowns);
    Result result = result(workspace, model, variables);
    var numbers = new LinkedHashMap<String, BigDecimal>();
    result.weights().forEach(found -> numbers.put(found.name(), found.value()));
    String script = FilledScript.of(workspace.text(), unknowns, numbers);
    Map<String, String> labels = labels(workspace, unknowns);
    if (write) {
      TextOutput.write(context.resolve(recipe), recipe, script);
    } else if (output.isPresent()) {
      Path file = output.get();
      TextOutput.write(context.resolve(file), file.toString(), overwrite, script);
    }
    if (json) {
      context
          .terminal()
          .print(FitText.json(result, unknown -> labels.getOrDefault(unknown, unknown), script));
      return;
    }
    List<String> table =
        FitText.table(
            result,
            unknown -> labels.getOrDefault(unknown, unknown),
            base(workspace).map(origin -> target + " - " + origin).orElse(target),
            context.terminal());
    if (write || output.isPresent()) {
      table.forEach(context.terminal()::print);
    } else {
      context.terminal().out().print(script);
      context.terminal().out().flush();
      table.forEach(context.terminal()::say);
    }
  }

  /** What `bmr run` would make. */
  private static String only(Workspace workspace) {
    var recipe = workspace.recipe();
    List<String> wanted =
        recipe.saves().isEmpty()
            ? recipe.models().stream()
                .filter(model -> !model.used())
                .map(model -> model.name())
                .toList()
            : recipe.saves().stream()
                .map(save -> recipe.models().get(save.model()).name())
                .distinct()
                .toList();
    if (wanted.size() != 1) {
      throw new CommandFailure(
          "the recipe makes " + wanted.size() + " models",
          Optional.of("say which one is to be fitted: `bmr fit RECIPE NAME`"));
    }
    return wanted.getFirst();
  }

  private Optional<String> base(Workspace workspace) {
    return base.or(() -> CompareCommand.knownBase(workspace, List.of(target)));
  }

  private Result result(Workspace workspace, String model, List<Variable> variables) {
    try (var comparands = new Comparands(Optional.of(workspace))) {
      comparands.addUnfitted(model);
      List<Architecture> own = options.architectures(context);
      comparands.add(context, target, own);
      Optional<String> origin = base(workspace);
      origin.ifPresent(name -> comparands.add(context, name, own));
      List<FoldedModel> models = comparands.models();
      Tables.Linear linear;
      try (var bar = new ProgressBar(context.terminal(), "reading")) {
        linear =
            Tables.linear(
                models,
                comparands.sources(),
                cache.tables(),
                limits.limits(),
                bar,
                context.cancelled());
      }
      List<String> names = variables.stream().map(Variable::name).toList();
      return new WeightFitting(
              linear.table(),
              linear.columns(),
              workspace.gradients(model, names),
              models.get(0),
              models.get(1),
              origin.map(_ -> models.get(2)),
              selection.tensors(),
              variables)
          .fit(round);
    }
  }

  /**
   * One variable for each name, in the order of the text; bounds may stand at any of its places.
   */
  private static List<Variable> variables(Set<Weight.Unknown> unknowns) {
    var byName = new LinkedHashMap<String, List<Weight.Unknown>>();
    unknowns.stream()
        .sorted(Comparator.comparing(Weight.Unknown::file).thenComparingInt(Weight.Unknown::from))
        .forEach(
            unknown -> byName.computeIfAbsent(unknown.name(), _ -> new ArrayList<>()).add(unknown));
    var variables = new ArrayList<Variable>();
    byName.forEach((name, places) -> {
      Optional<BigDecimal> low = same(name, places.stream().map(Weight.Unknown::low).toList());
      Optional<BigDecimal> high = same(name, places.stream().map(Weight.Unknown::high).toList());
      Optional<BigDecimal> start = same(name, places.stream().map(Weight.Unknown::start).toList());
      double least = low.map(BigDecimal::doubleValue).orElse(Double.NEGATIVE_INFINITY);
      double most = high.map(BigDecimal::doubleValue).orElse(Double.POSITIVE_INFINITY);
      double first = start.map(BigDecimal::doubleValue).orElse(START);
      if (least > most || start.isPresent() && (first < least || first > most)) {
        throw new ProblemException(new FitProblem.ContradictoryBounds("?" + name));
      }
      variables.add(new Variable(name, least, most, Math.clamp(first, least, most)));
    });
    return variables;
  }

  private static Optional<BigDecimal> same(String name, List<Optional<BigDecimal>> numbers) {
    Optional<BigDecimal> found = Optional.empty();
    for (Optional<BigDecimal> number : numbers) {
      if (number.isPresent() && found.isPresent() && number.get().compareTo(found.get()) != 0) {
        throw new ProblemException(new FitProblem.ContradictoryBounds("?" + name));
      }
      found = number.isPresent() ? number : found;
    }
    return found;
  }

  /** {@code ?w}, and {@code ? (line 3)} for one without a name. */
  private static Map<String, String> labels(Workspace workspace, Set<Weight.Unknown> unknowns) {
    var labels = new LinkedHashMap<String, String>();
    String text = workspace.text().text();
    for (Weight.Unknown unknown : unknowns) {
      long line = 1 + text.substring(0, unknown.from()).chars().filter(c -> c == '\n').count();
      labels.put(
          unknown.name(),
          unknown.name().startsWith("?") ? "? (line " + line + ")" : "?" + unknown.name());
    }
    return labels;
  }
}
