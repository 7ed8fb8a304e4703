package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FitProblem;
import bmr.diagnostic.LoraProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RequestProblem;
import bmr.diagnostic.Severity;
import bmr.engine.Limits;
import bmr.engine.OutputType;
import bmr.engine.Plan;
import bmr.engine.Planner;
import bmr.graph.FoldedModel;
import bmr.graph.GradientFolding;
import bmr.graph.KindCheck;
import bmr.graph.Meaning;
import bmr.graph.MeaningFolding;
import bmr.graph.ModelFolding;
import bmr.graph.ModelGraph;
import bmr.model.Architecture;
import bmr.model.BlockMap;
import bmr.model.Weight;
import bmr.provenance.MetadataLevel;
import bmr.provenance.OutputMetadata;
import bmr.provenance.PublishedRecipe;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Wanted;
import bmr.source.SourceText;
import bmr.syntax.tree.Script;
import bmr.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One recipe together with its files: from text to plan. */
public final class Workspace implements AutoCloseable {
  /**
   * What to open.
   *
   * @param recipe the script, or empty where a formula stands for it
   * @param formula the text behind {@code -e}
   * @param modelFolders from {@code --models}; searched beside the script's own {@code models}
   *     statements
   * @param settings from {@code --set}: parameter or {@code let} to its text
   * @param wanted decides what must be there and what is checked
   * @param architectureFiles descriptions of architectures, from {@code --network}
   */
  public record Request(
      Optional<Path> recipe,
      Optional<String> formula,
      List<Path> modelFolders,
      SequencedMap<String, String> settings,
      Wanted wanted,
      List<Path> architectureFiles,
      UserLibrary user) {
    public Request {
      modelFolders = List.copyOf(modelFolders);
      architectureFiles = List.copyOf(architectureFiles);
      if (recipe.isPresent() == formula.isPresent()) {
        throw new IllegalArgumentException("either a recipe or a formula");
      }
    }

    /** Without anything of a user's, and architectures described beside the models alone. */
    public Request(
        Optional<Path> recipe,
        Optional<String> formula,
        List<Path> modelFolders,
        SequencedMap<String, String> settings,
        Wanted wanted) {
      this(recipe, formula, modelFolders, settings, wanted, List.of(), UserLibrary.none());
    }
  }

  /**
   * A model to save.
   *
   * @param name the definition
   * @param fileName relative to the output folder, or absolute
   * @param type as the {@code save} line says; otherwise the standard one
   */
  public record Output(
      String name, Path fileName, Optional<OutputType> type, Optional<SaveRequest> request) {}

  private final Request request;
  private final Script script;
  private final IncludedScripts scripts;
  private final ModelLibrary library;
  private final Recipe recipe;
  private final @Nullable ModelGraph graph;
  private final List<Checkpoint> sources;
  private final List<Diagnostic> diagnostics;
  private final Architecture architecture;
  private final List<String> missing;
  private final Map<String, FoldedModel> folded = new HashMap<>();

  Workspace(
      Request request,
      Script script,
      IncludedScripts scripts,
      ModelLibrary library,
      Recipe recipe,
      @Nullable ModelGraph graph,
      List<Checkpoint> sources,
      List<Diagnostic> diagnostics,
      Architecture architecture,
      List<String> missing) {
    this.architecture = architecture;
    this.missing = List.copyOf(missing);
    this.request = request;
    this.script = script;
    this.scripts = scripts;
    this.library = library;
    this.recipe = recipe;
    this.graph = graph;
    this.sources = sources;
    this.diagnostics = diagnostics;
  }

  /** Parses, binds, opens headers, checks; problems of the recipe are in {@link #diagnostics}. */
  public static Workspace open(Request request) {
    return open(request, Reading.EVERYTHING);
  }

  /** As {@link #open(Request)}, for those who can do without some files. */
  public static Workspace open(Request request, Reading reading) {
    return new WorkspaceLoader(request, reading).load();
  }

  /**
   * The blocks that weights are read for: what {@link Reading} says, else what the headers say,
   * else SDXL where a list has 20 values, else SD 1.x.
   */
  public Architecture architecture() {
    return architecture;
  }

  /** The architecture that the headers of the sources say, if any was read. */
  public Optional<Architecture> knownArchitecture() {
    return sources.stream()
        .map(Checkpoint::architecture)
        .filter(known -> !known.equals(Architecture.UNKNOWN))
        .findFirst();
  }

  /** Models that something wanted needs and whose files are not there, in the order of use. */
  public List<String> missing() {
    return missing;
  }

  /** Everything that is to be said about the recipe, in the order of the text. */
  public List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /** Whether an error stands: then nothing can be planned. */
  public boolean failed() {
    return diagnostics.stream().anyMatch(d -> d.problem().severity() == Severity.ERROR);
  }

  /** The text of the script itself. */
  public SourceText text() {
    return script.source();
  }

  public Recipe recipe() {
    return recipe;
  }

  public ModelLibrary library() {
    return library;
  }

  /**
   * The open sources, by the recipe's source indices; empty ones where nothing wanted needs them.
   */
  public List<Checkpoint> sources() {
    return sources;
  }

  /**
   * What to save, as {@link Request#wanted} and the script say: all {@code save} statements;
   * without any, the one definition that nothing uses.
   *
   * @throws ProblemException if that is not decided
   */
  public List<Output> outputs() {
    Wanted wanted = request.wanted();
    if (wanted.all()) {
      return IntStream.range(0, recipe.models().size()).mapToObj(this::output).toList();
    }
    if (wanted.only().isPresent()) {
      String name = wanted.only().get();
      return List.of(
          output(
              model(name)
                  .orElseThrow(() ->
                      new ProblemException(new RequestProblem.NoDefinition(name, List.of())))));
    }
    if (!recipe.saves().isEmpty()) {
      return recipe.saves().stream().map(this::output).toList();
    }
    List<String> open =
        recipe.models().stream().filter(model -> !model.used()).map(NamedModel::name).toList();
    return switch (open.size()) {
      case 0 -> throw new ProblemException(new RequestProblem.NothingToSave());
      case 1 -> List.of(output(model(open.getFirst()).orElseThrow()));
      default -> throw new ProblemException(new RequestProblem.SeveralToSave(open));
    };
  }

  /**
   * As {@link #outputs}; but where several definitions are used by nothing, and none is said to be
   * saved, all of them, and none where there are none.
   */
  public List<Output> outputsOrEnds() {
    boolean undecided = !request.wanted().all() && request.wanted().only().isEmpty();
    return undecided && recipe.saves().isEmpty()
        ? IntStream.range(0, recipe.models().size())
            .filter(i -> !recipe.models().get(i).used())
            .mapToObj(this::output)
            .toList()
        : outputs();
  }

  /** Outputs that are differences, where no {@code save ... as difference} says so. */
  public List<Diagnostic> unsaidDifferences(List<Output> outputs) {
    if (graph == null) {
      return List.of();
    }
    List<Integer> unsaid =
        outputs.stream()
            .filter(output -> output.request().isEmpty())
            .flatMap(output -> model(output.name()).stream().boxed())
            .filter(model -> recipe.models().get(model).loraRank().isEmpty())
            .toList();
    Architecture architecture =
        sources.stream()
            .map(Checkpoint::architecture)
            .filter(known -> !known.equals(Architecture.UNKNOWN))
            .findFirst()
            .orElse(Architecture.SD1);
    return KindCheck.differences(recipe, graph, architecture, unsaid);
  }

  /** LoRAs to extract of something that is no difference. */
  List<Diagnostic> noDifferences(List<Output> outputs) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (Output output : outputs) {
      OptionalInt model = model(output.name());
      if (model.isPresent()
          && loraRank(output).isPresent()
          && KindCheck.differences(recipe, graph(), architecture, List.of(model.getAsInt()))
              .isEmpty()) {
        diagnostics.add(
            Diagnostic.at(
                recipe.models().get(model.getAsInt()).place(),
                new LoraProblem.NoDifference(output.name())));
      }
    }
    return diagnostics;
  }

  private Output output(int model) {
    return recipe.saves().stream()
        .filter(save -> save.model() == model)
        .findFirst()
        .map(this::output)
        .orElseGet(() -> {
          String name = recipe.models().get(model).name();
          return new Output(name, OutputNames.file(name), Optional.empty(), Optional.empty());
        });
  }

  private Output output(SaveRequest save) {
    String name = recipe.models().get(save.model()).name();
    Path file = save.file().map(Path::of).orElseGet(() -> OutputNames.file(name));
    return new Output(name, file, OutputTypes.requested(save), Optional.of(save));
  }

  /** The index of a definition, exactly by its name or without regard to case and separators. */
  private OptionalInt model(String name) {
    OptionalInt exact =
        IntStream.range(0, recipe.models().size())
            .filter(i -> recipe.models().get(i).name().equals(name))
            .findFirst();
    if (exact.isPresent()) {
      return exact;
    }
    int[] loose =
        IntStream.range(0, recipe.models().size())
            .filter(i -> OutputNames.sameLoosely(recipe.models().get(i).name(), name))
            .toArray();
    return loose.length == 1 ? OptionalInt.of(loose[0]) : OptionalInt.empty();
  }

  /**
   * The formulas of a definition or of a source of the recipe, with odd numbers for weights that
   * are to be found yet.
   *
   * @throws ProblemException if nothing has the name, or models do not go together
   */
  public FoldedModel fold(String name) {
    FoldedModel known = folded.get(name);
    if (known == null) {
      known = ModelFolding.fold(name, graph(), node(name), sources, recipe.blockMap());
      folded.put(name, known);
    }
    return known;
  }

  /**
   * As {@link #fold(String)}, where every weight is known.
   *
   * @throws ProblemException if weights are to be found yet
   */
  public FoldedModel fitted(String name) {
    checkFitted(name);
    return fold(name);
  }

  /**
   * Requires that every weight of a definition is known.
   *
   * @throws ProblemException if weights are to be found yet
   */
  public void checkFitted(String name) {
    Set<Weight.Unknown> unknowns = unknowns(name);
    if (!unknowns.isEmpty()) {
      List<String> names = unknowns.stream().map(Weight.Unknown::name).toList();
      throw new ProblemException(new FitProblem.NotFitted(name, FitProblem.names(names)));
    }
  }

  /** The weights of a definition that are to be found yet. */
  public Set<Weight.Unknown> unknowns(String name) {
    return graph().unknownsBelow(node(name));
  }

  /**
   * The coefficients of a definition as functions of the weights that are to be found.
   *
   * @param unknowns their names, in the order of the derivatives
   */
  public GradientFolding gradients(String name, List<String> unknowns) {
    return new GradientFolding(graph(), node(name), fold(name), sources, unknowns);
  }

  /** The formulas of some tensors of a definition, as they were under another block map. */
  FoldedModel foldSome(String name, BlockMap map, Predicate<String> keys) {
    return ModelFolding.foldSome(name, graph(), node(name), sources, map, keys);
  }

  private int node(String name) {
    OptionalInt model = model(name);
    if (model.isPresent()) {
      return graph().model(model.getAsInt());
    }
    int source =
        IntStream.range(0, recipe.sources().size())
            .filter(i -> recipe.sources().get(i).name().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new ProblemException(new RequestProblem.NoDefinition(name, List.of())));
    return graph().source(source);
  }

  private ModelGraph graph() {
    if (graph == null) {
      throw new IllegalStateException("the recipe has errors");
    }
    return graph;
  }

  /**
   * What definitions mean, whatever files are there.
   *
   * @param models indices in the recipe
   * @param keys keys of the architecture's tensors, for weights of elements
   */
  public Meaning meaning(List<Integer> models, Iterable<String> keys) {
    return MeaningFolding.fold(recipe, graph(), architecture, keys, models);
  }

  /** The formulas of an output: those of its definition, with what its {@code save} line says. */
  public FoldedModel fold(Output output) {
    FoldedModel model = fold(output.name());
    return output.request().map(save -> SavedParts.apply(this, model, save)).orElse(model);
  }

  /** The definition's or source's formulas by index, for a {@code vae:} choice. */
  FoldedModel foldSource(int source) {
    return fold(recipe.sources().get(source).name());
  }

  FoldedModel foldModel(int model) {
    return fold(recipe.models().get(model).name());
  }

  /** The rank of the LoRA that an output is to become, if it is. */
  public OptionalInt loraRank(Output output) {
    OptionalInt model = model(output.name());
    return model.isPresent()
        ? recipe.models().get(model.getAsInt()).loraRank()
        : OptionalInt.empty();
  }

  /** The type an output is written in: the one it asks for, or the architecture's standard. */
  public OutputType type(Output output) {
    if (loraRank(output).isPresent()) {
      return OutputType.of(DType.F32); // the difference; the type that is asked for is the LoRA's
    }
    return output.type().orElseGet(() -> OutputTypes.standard(fold(output.name()), sources));
  }

  /**
   * The plan for an output.
   *
   * @throws ProblemException if weights of it are to be found yet
   */
  public Plan plan(Output output, Limits limits) {
    fitted(output.name());
    return Planner.plan(fold(output), sources, type(output), limits);
  }

  /** The metadata that the output carries. */
  public Map<String, String> metadata(
      Output output, Plan plan, MetadataLevel level, String version) {
    List<OutputMetadata.SourceFile> read = new ArrayList<>();
    for (int i = 0; i < plan.sources().size(); i++) {
      Plan.SourceUse use = plan.sources().get(i);
      if (use.readBytes() > 0) {
        read.add(new OutputMetadata.SourceFile(use.name(), use.fileBytes()));
      }
    }
    return OutputMetadata.of(
        level,
        version,
        output.name(),
        plan.model().architecture(),
        PublishedRecipe.of(script, scripts::of),
        new LinkedHashMap<>(request.settings()),
        read);
  }

  /** The folder that a script's outputs go to when nothing else is said. */
  public Path folder() {
    return WorkspaceLoader.folder(request);
  }

  /**
   * Warnings that need a look at a few kilobytes of the sources: VAEs that differ and are blended.
   */
  public List<Diagnostic> contentWarnings(Output output) {
    return VaeComparison.warnings(fold(output), sources);
  }

  @Override
  public void close() {
    sources.forEach(Checkpoint::close);
  }
}
