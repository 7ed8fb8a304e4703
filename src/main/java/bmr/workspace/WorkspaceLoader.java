package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.EmaWeights;
import bmr.checkpoint.FileContent;
import bmr.checkpoint.ModelExtension;
import bmr.checkpoint.ModelLibrary;
import bmr.checkpoint.OwnArchitectures;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.NameProblem.HidesFile;
import bmr.diagnostic.PartProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.ReferenceProblem.HashDiffers;
import bmr.diagnostic.RequestProblem;
import bmr.diagnostic.RunProblem;
import bmr.diagnostic.Severity;
import bmr.diagnostic.WeightProblem;
import bmr.graph.KindCheck;
import bmr.graph.ModelGraph;
import bmr.model.Architecture;
import bmr.recipe.Bound;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.SourceModel;
import bmr.recipe.Recipe.VaeChoice;
import bmr.recipe.Wanted;
import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.Parsed;
import bmr.syntax.ParsedExpression;
import bmr.syntax.Parser;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens a workspace step by step; each step adds its problems and the next one copes. */
final class WorkspaceLoader {
  private final Workspace.Request request;
  private final Reading reading;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  WorkspaceLoader(Workspace.Request request, Reading reading) {
    this.request = request;
    this.reading = reading;
  }

  Workspace load() {
    IncludedScripts scripts = new IncludedScripts(diagnostics);
    Script own = script();
    Script script = scripts.complete(own, folder(request), request.recipe());
    ModelLibrary library =
        new ScriptFolders(folder(request), scripts, request.user(), diagnostics)
            .library(script, request.modelFolders(), reading.files());
    Bound bound = bind(script, library);
    // formulas are bound: of long scripts their trees are let go
    own = own.withoutDefinitions();
    script = script.withoutDefinitions();
    Recipe recipe = bound.recipe();
    for (Bound.Finding finding : bound.findings()) {
      if (!(finding.diagnostic().problem() instanceof HidesFile hides && isOutput(hides, recipe))) {
        diagnostics.add(finding.diagnostic());
      }
    }
    diagnostics.addAll(Expectations.problems(recipe));
    boolean whole = bound.findings().stream().noneMatch(WorkspaceLoader::isBroken);
    OpenLoras loras =
        new OpenLoras(
            recipe, FittedTextEncoders.of(recipe, open(recipe, script), diagnostics), diagnostics);
    List<Checkpoint> sources = loras.fitted();
    Architecture architecture = architecture(recipe, sources);
    @Nullable ModelGraph graph = whole ? ModelGraph.of(recipe, loras.normalizing()) : null;
    if (graph != null) {
      AppliedLoras.Result applied = AppliedLoras.of(recipe, graph, sources, loras);
      recipe = applied.recipe();
      sources = applied.sources();
      checkWeights(recipe, graph, sources, architecture);
    }
    Workspace workspace =
        new Workspace(
            request,
            own,
            scripts,
            library,
            recipe,
            graph,
            sources,
            diagnostics,
            architecture,
            missing);
    if (!workspace.failed() && reading.files() != Reading.Files.NONE && missing.isEmpty()) {
      checkResults(workspace);
    }
    diagnostics.sort(
        Comparator.<Diagnostic, Integer>comparing(
                diagnostic -> diagnostic.place().map(p -> scripts.order(p.source())).orElse(0))
            .thenComparing(
                diagnostic -> diagnostic.place().map(place -> place.start()).orElse(-1)));
    return workspace;
  }

  private Bound bind(Script script, ModelLibrary library) {
    Map<String, Expression> settings = settings();
    return new AssumedModels(
            script, settings, request.wanted(), names -> hub(script, names), diagnostics)
        .bind(library, reading);
  }

  private HubCache hub(Script script, ModelLibrary library) {
    Map<String, String> aliases = new LinkedHashMap<>();
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.ModelFile file
          && file.file().filter(f -> f.startsWith("hf:")).isPresent()) {
        aliases.put(file.name().text(), file.file().get().substring("hf:".length()));
      }
    }
    return new HubCache(library, aliases, request.user().hub());
  }

  private static boolean isBroken(Bound.Finding finding) {
    return finding.isError();
  }

  /** A file of an earlier run is no reason for a note. */
  private static boolean isOutput(HidesFile hides, Recipe recipe) {
    return recipe.saves().stream()
            .anyMatch(save -> recipe.models().get(save.model()).name().equals(hides.name()))
        || recipe.models().stream()
            .anyMatch(model -> model.name().equals(hides.name()) && !model.used());
  }

  /** The folder of the script, or the current one. */
  static Path folder(Workspace.Request request) {
    Path recipe = request.recipe().orElse(Path.of("formula")).toAbsolutePath();
    Path folder = recipe.getParent();
    return folder == null ? Path.of("") : folder;
  }

  private Script script() {
    if (request.recipe().isPresent()) {
      Path file = request.recipe().get();
      try {
        return parse(Parser.read(file, file.toString()));
      } catch (ProblemException e) {
        diagnostics.addAll(e.diagnostics());
        return new Script(SourceText.of(file.toString(), ""), List.of());
      }
    }
    SourceText text = SourceText.of("-e", request.formula().orElseThrow());
    ParsedExpression formula = Parser.parseExpression(text);
    if (formula.diagnostics().isEmpty()) {
      Expression expression = formula.expression();
      Name name = new Name("merged", true, expression.span());
      return new Script(
          text,
          List.of(new Statement.Definition(name, expression, List.of(), false, expression.span())));
    }
    Parsed script = Parser.parse(text);
    if (defines(script)) {
      diagnostics.addAll(script.diagnostics());
      return script.script();
    }
    // a formula with clauses behind it: A x (1-alpha) + B x alpha, alpha = {CLIP: 1}
    Parsed named = Parser.parse(SourceText.of("-e", "merged = " + text.text()));
    if (named.diagnostics().isEmpty()) {
      return named.script();
    }
    boolean clauses = text.text().indexOf('=') >= 0;
    diagnostics.addAll(clauses ? named.diagnostics() : formula.diagnostics());
    return new Script(text, List.of());
  }

  private static boolean defines(Parsed parsed) {
    return parsed.script().statements().stream()
        .anyMatch(statement ->
            statement instanceof Statement.Definition definition
                && !(definition.value() instanceof Expression.Broken));
  }

  private Script parse(SourceText text) {
    Parsed parsed = Parser.parse(text);
    diagnostics.addAll(parsed.diagnostics());
    return parsed.script();
  }

  private Map<String, Expression> settings() {
    Map<String, Expression> settings = new LinkedHashMap<>();
    request
        .settings()
        .forEach((name, value) -> {
          ParsedExpression parsed = Parser.parseExpression(SourceText.of("--set " + name, value));
          diagnostics.addAll(parsed.diagnostics());
          settings.put(name, parsed.expression());
        });
    return settings;
  }

  /** Opens the headers of the sources that something wanted needs. */
  private List<Checkpoint> open(Recipe recipe, Script script) {
    BitSet needed = neededSources(recipe);
    List<Architecture> own =
        request.architectureFiles().stream().map(OwnArchitectures::read).toList();
    List<Checkpoint> sources = new ArrayList<>();
    for (int i = 0; i < recipe.sources().size(); i++) {
      SourceModel source = recipe.sources().get(i);
      Checkpoint file = new UnopenedCheckpoint(source.name(), source.file().path());
      if (!source.file().isKnown()) {
        notKnown(source, script, needed.get(i));
      } else if (needed.get(i) && reading.files() != Reading.Files.NONE) {
        try {
          Checkpoint opened = Checkpoint.open(source.file().path(), own);
          file = new NamedCheckpoint(source.name(), source.ema() ? ema(source, opened) : opened);
          if (FileContent.of(file.tensors()) == FileContent.EMBEDDING) {
            throw new ProblemException(new FileProblem.EmbeddingAsModel(file.path()));
          }
          source.pins().forEach(pin -> checkHash(source, pin));
          file.notes().stream()
              .filter(note -> note.severity() != Severity.NOTE)
              .forEach(note -> diagnostics.add(Diagnostic.at(source.place(), note)));
        } catch (ProblemException e) {
          e.diagnostics().forEach(d -> diagnostics.add(Diagnostic.at(source.place(), d.problem())));
        }
      }
      sources.add(file);
    }
    return sources;
  }

  /** The model with its EMA weights; as it is, and reported, where it has none. */
  private Checkpoint ema(SourceModel source, Checkpoint file) {
    Optional<EmaWeights> ema = EmaWeights.of(file);
    String name = source.file().name();
    diagnostics.add(
        Diagnostic.at(
            source.place(),
            ema.isPresent()
                ? new PartProblem.EmaUsed(name, ema.get().used(), ema.get().unet())
                : new PartProblem.NoEmaThere(name)));
    return ema.isPresent() ? ema.get() : file;
  }

  private void checkHash(SourceModel source, Recipe.Pin pin) {
    try {
      String found = request.user().hashes().like(pin.hash(), source.file().path());
      if (!found.equals(pin.hash())) {
        diagnostics.add(
            Diagnostic.at(pin.place(), new HashDiffers(source.name(), pin.hash(), found)));
      }
    } catch (IOException e) {
      throw new ProblemException(
          new FileProblem.Unreadable(source.file().path(), "reading failed"));
    }
  }

  /** A model whose file the script leaves open; told once, where the script does so. */
  private void notKnown(SourceModel source, Script script, boolean needed) {
    if (reading.files() != Reading.Files.NEEDED) {
      if (needed) {
        missing.add(source.name());
      }
      return;
    }
    Optional<Statement.ModelFile> line =
        script.statements().stream()
            .filter(Statement.ModelFile.class::isInstance)
            .map(Statement.ModelFile.class::cast)
            .filter(file -> file.name().text().equals(source.file().name()))
            .findFirst();
    if (line.flatMap(Statement.ModelFile::file).isPresent()) {
      return; // it names a file that is not there, which has been said
    }
    Span place = line.map(file -> file.name().span()).orElse(source.place());
    String recipe =
        request.recipe().map(file -> String.valueOf(file.getFileName())).orElse("RECIPE");
    diagnostics.add(
        Diagnostic.at(place, new RequestProblem.FileNotKnown(source.name(), recipe, needed)));
  }

  private Architecture architecture(Recipe recipe, List<Checkpoint> sources) {
    return reading
        .architecture()
        .or(() ->
            sources.stream()
                .map(Checkpoint::architecture)
                .filter(known -> !known.equals(Architecture.UNKNOWN))
                .findFirst())
        .orElseGet(() -> ListedWeights.guess(recipe));
  }

  private BitSet neededSources(Recipe recipe) {
    BitSet sources = new BitSet();
    BitSet models = new BitSet();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < recipe.models().size(); i++) {
      Recipe.NamedModel model = recipe.models().get(i);
      boolean root =
          request.wanted().all()
              || (request.wanted().only().isPresent()
                  ? OutputNames.sameLoosely(request.wanted().only().get(), model.name())
                  : isRoot(recipe, i));
      if (root) {
        open.add(i);
      }
    }
    for (Recipe.SaveRequest save : recipe.saves()) {
      if (save.vae() instanceof VaeChoice.FromSource(int source)) {
        sources.set(source);
      }
      if (save.vae() instanceof VaeChoice.FromModel(int model)) {
        open.add(model);
      }
    }
    if (request.wanted().only().isEmpty()) {
      for (Recipe.CompareRequest compare : recipe.compares()) {
        collect(compare.left(), open, sources);
        collect(compare.right(), open, sources);
      }
    }
    for (Recipe.ExpectationRequest expectation : recipe.expectations()) {
      if (Expectations.matters(expectation, recipe, request.wanted())) {
        expectation.models().forEach(model -> collect(model, open, sources));
      }
    }
    while (!open.isEmpty()) {
      int model = open.removeLast();
      if (!models.get(model)) {
        models.set(model);
        collect(recipe.models().get(model).formula(), open, sources);
      }
    }
    return sources;
  }

  private static boolean isRoot(Recipe recipe, int model) {
    return recipe.saves().isEmpty()
        ? !recipe.models().get(model).used()
        : recipe.saves().stream().anyMatch(save -> save.model() == model);
  }

  private static void collect(Formula formula, List<Integer> models, BitSet sources) {
    switch (formula) {
      case Formula.OfSource source -> sources.set(source.source());
      case Formula.OfModel model -> models.add(model.model());
      case Formula.Sum sum -> sum.terms().forEach(term -> collect(term.operand(), models, sources));
      case Formula.Fallback fallback ->
          fallback.alternatives().forEach(one -> collect(one, models, sources));
      case Formula.Adjusted adjusted -> collect(adjusted.operand(), models, sources);
      case Formula.OfComponent part -> collect(part.operand(), models, sources);
      case Formula.Call call ->
          call.operands().forEach(operand -> collect(operand, models, sources));
    }
  }

  /** Whether lists fit the architecture, and whether weights add up. */
  private void checkWeights(
      Recipe recipe, ModelGraph graph, List<Checkpoint> sources, Architecture architecture) {
    Optional<Checkpoint> first =
        sources.stream().filter(file -> file.architecture().equals(architecture)).findFirst();
    boolean fits = true;
    boolean converted = false;
    for (Recipe.NamedModel model : recipe.models()) {
      Optional<String> misfit = ListedWeights.misfit(model.formula(), architecture);
      if (misfit.isPresent()) {
        fits = false;
        diagnostics.add(Diagnostic.at(model.place(), new WeightProblem.DoesNotFit(misfit.get())));
      }
      converted |= architecture.isSdxl() && ListedWeights.hasLongList(model.formula());
    }
    if (fits) {
      Iterable<String> keys = first.isPresent() ? first.get().tensors().keySet() : Set.<String>of();
      diagnostics.addAll(KindCheck.check(recipe, graph, architecture, recipe.blockMap(), keys));
    }
    if (converted) {
      diagnostics.add(Diagnostic.of(new WeightProblem.Converted(26, architecture.label())));
    }
  }

  /** What a run would refuse; the file's name is in the script. */
  private void checkExtension(Workspace.Output output, Recipe.SaveRequest save) {
    String name = String.valueOf(output.fileName().getFileName());
    if (!name.toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
      diagnostics.add(
          Diagnostic.at(
              save.place(),
              new RunProblem.ForeignExtension(output.fileName(), ModelExtension.stem(name))));
    }
  }

  /** Folds what is to be saved: shapes, architectures, missing parts. Headers say it all. */
  private void checkResults(Workspace workspace) {
    List<Workspace.Output> outputs;
    try {
      outputs = workspace.outputs();
    } catch (ProblemException e) {
      diagnostics.addAll(e.diagnostics());
      return;
    }
    if (request.wanted().equals(Wanted.AS_WRITTEN)) {
      diagnostics.addAll(workspace.unsaidDifferences(outputs));
    }
    diagnostics.addAll(workspace.noDifferences(outputs));
    for (Workspace.Output output : outputs) {
      output.request().ifPresent(save -> checkExtension(output, save));
      try {
        new ResultChecks(workspace, output).check(diagnostics);
      } catch (ProblemException e) {
        OptionalInt model = OptionalInt.empty();
        for (int i = 0; i < workspace.recipe().models().size(); i++) {
          if (workspace.recipe().models().get(i).name().equals(output.name())) {
            model = OptionalInt.of(i);
          }
        }
        for (Diagnostic diagnostic : e.diagnostics()) {
          boolean error = diagnostic.problem().severity() == Severity.ERROR;
          diagnostics.add(
              error && model.isPresent() && diagnostic.place().isEmpty()
                  ? Diagnostic.at(
                      workspace.recipe().models().get(model.getAsInt()).place(),
                      diagnostic.problem())
                  : diagnostic);
        }
      }
    }
  }
}
