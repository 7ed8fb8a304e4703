package bmr.recipe;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.NameProblem.DefinedTwice;
import bmr.diagnostic.NameProblem.HidesFile;
import bmr.diagnostic.NameProblem.WrongKind;
import bmr.diagnostic.PartProblem;
import bmr.diagnostic.ReferenceProblem.SettingsDiffer;
import bmr.diagnostic.RequestProblem;
import bmr.diagnostic.RequestProblem.NoDefinition;
import bmr.diagnostic.Suggestions;
import bmr.diagnostic.WeightProblem.Unbound;
import bmr.model.BlockMap;
import bmr.model.Component;
import bmr.model.MethodSignature;
import bmr.model.ModelNames;
import bmr.model.Weight;
import bmr.recipe.Recipe.CompareRequest;
import bmr.recipe.Recipe.ExpectationRequest;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Recipe.VaeChoice;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import bmr.tensor.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From syntax tree to meaning. */
public final class RecipeBinder {
  private final Script script;
  private final Scope scope;
  private final Findings findings = new Findings();
  private final List<Statement.Definition> definitions = new ArrayList<>();
  private final List<Parameters> parameters = new ArrayList<>();
  private final Parameters none = new Parameters();
  private final List<@Nullable Formula> formulas = new ArrayList<>();
  private final List<SaveRequest> saves = new ArrayList<>();
  private final List<CompareRequest> compares = new ArrayList<>();
  private final List<ExpectationRequest> expectations = new ArrayList<>();
  private final Map<String, Setting> settled = new LinkedHashMap<>();
  private BlockMap blockMap = BlockMap.standard();
  private Optional<DType> stepwise = Optional.empty();
  private boolean keepsEma;

  private RecipeBinder(Script script, ModelNames library, List<MethodSignature> methods) {
    this.script = script;
    this.scope = new Scope(library, methods);
  }

  /**
   * Binds a script.
   *
   * @param library where names of files are looked up
   * @param methods that can be called
   * @param settings values from outside, by parameter, {@code let} or {@code DEFINITION.parameter}
   * @param wanted decides which missing models matter
   */
  public static Bound bind(
      Script script,
      ModelNames library,
      List<MethodSignature> methods,
      Map<String, Expression> settings,
      Wanted wanted) {
    return new RecipeBinder(script, library, methods).bind(settings, wanted);
  }

  private Bound bind(Map<String, Expression> settings, Wanted wanted) {
    collect();
    applySettings(settings);
    bindLets();
    for (int index = 0; index < definitions.size(); index++) {
      formulas.add(bindDefinition(index));
    }
    findings.outside();
    Usage usage = new Usage(formulas);
    if (breakCycles(usage)) {
      usage = new Usage(formulas);
    }
    bindRequests();
    return new Conclusion(
            script, scope, findings, definitions, formulas, usage, saves, compares, expectations)
        .conclude(wanted, blockMap, stepwise, keepsEma);
  }

  private void collect() {
    Map<String, Name> first = new LinkedHashMap<>();
    for (Statement statement : script.statements()) {
      switch (statement) {
        case Statement.Definition definition -> {
          if (scope.define(definition.name().text(), definitions.size())) {
            first.put(definition.name().text(), definition.name());
            definitions.add(definition);
            noteHiddenFile(definition.name());
          } else {
            reportTwice(definition.name(), first.get(definition.name().text()));
          }
        }
        case Statement.Let let -> {
          if (scope.let(let)) {
            first.putIfAbsent(let.name().text(), let.name());
          } else {
            reportTwice(let.name(), first.get(let.name().text()));
          }
        }
        case Statement.ModelFile file -> {
          file.license().ifPresent(license -> scope.license(file.name().text(), license));
          file.sha256()
              .flatMap(hash -> new ReferenceBinder(scope, findings).pin(hash, file.span()))
              .ifPresent(pin -> scope.pin(file.name().text(), pin));
        }
        case Statement.BlockMapChoice choice -> chooseBlockMap(choice);
        case Statement.Precision precision -> choosePrecision(precision);
        case Statement.Include include -> {} // what it includes stands beside it in the script
        case Statement.Seed seed -> {
          settle("seed", seed.value().toString(), seed.span());
          scope.seed(seed.value());
        }
        case Statement.EmaChoice choice -> {
          settle("ema", Boolean.toString(choice.keep()), choice.span());
          keepsEma = choice.keep();
        }
        case Statement.ModelsFolder folder -> {}
        case Statement.Save save -> {}
        case Statement.Compare compare -> {}
        case Statement.Expectation expectation -> {}
      }
    }
  }

  private void reportTwice(Name name, @Nullable Name first) {
    Diagnostic diagnostic = Diagnostic.at(name.span(), new DefinedTwice(name.text()));
    findings.report(first == null ? diagnostic : diagnostic.with(first.span(), "first here"));
  }

  private void noteHiddenFile(Name name) {
    scope
        .exactFile(name.text())
        .ifPresent(file -> {
          Object shown = file.path().getFileName();
          findings.report(name.span(), new HidesFile(name.text(), String.valueOf(shown)));
        });
  }

  /** What holds for the whole recipe is said once, or the same every time. */
  private void settle(String statement, String value, Span place) {
    Setting first = settled.putIfAbsent(statement, new Setting(value, place));
    if (first != null && !first.value().equals(value)) {
      findings.report(
          Diagnostic.at(place, new SettingsDiffer(statement)).with(first.place(), "first here"));
    }
  }

  private record Setting(String value, Span place) {}

  private void chooseBlockMap(Statement.BlockMapChoice choice) {
    settle("block_map", choice.map(), choice.span());
    Optional<BlockMap> named = BlockMap.named(choice.map());
    if (named.isPresent()) {
      blockMap = named.get();
      return;
    }
    findings.report(
        choice.mapSpan(),
        new WrongKind(
            "no block map is called `" + choice.map() + "`",
            Optional.of(
                Suggestions.closest(choice.map(), BlockMap.names())
                    .map(meant -> "did you mean `" + meant + "`?")
                    .orElse("there are " + String.join(", ", BlockMap.names())))));
  }

  private void choosePrecision(Statement.Precision precision) {
    String kind = precision.kind();
    settle("precision", kind + precision.dtype().orElse(""), precision.span());
    if (kind.equals("single") || kind.equals("exact")) {
      return;
    }
    Optional<DType> dtype =
        DType.ofTag(precision.dtype().orElse("f16").toUpperCase(Locale.ROOT))
            .filter(DType::isFloat);
    if (kind.equals("stepwise") && dtype.isPresent()) {
      stepwise = dtype;
      return;
    }
    findings.report(
        wrongWord(precision),
        new WrongKind(
            "this precision is not known",
            Optional.of(
                Suggestions.closest(kind, List.of("single", "exact", "stepwise"))
                    .map(meant -> "did you mean `" + meant + "`?")
                    .orElse("write `precision stepwise f16`, or leave the line out"))));
  }

  /** The second word of the statement. */
  private static Span wrongWord(Statement.Precision precision) {
    Span all = precision.span();
    int word = all.text().indexOf(precision.kind(), "precision".length());
    boolean known = precision.kind().equals("stepwise");
    return word < 0 || known
        ? all
        : new Span(
            all.source(), all.start() + word, all.start() + word + precision.kind().length());
  }

  private void applySettings(Map<String, Expression> settings) {
    for (int index = 0; index < definitions.size(); index++) {
      Parameters own = new Parameters();
      findings.inModel(index);
      for (Statement.Clause clause : definitions.get(index).clauses()) {
        own.bind(clause.parameter(), clause.weight(), findings);
      }
      parameters.add(own);
    }
    findings.outside();
    new Settings(scope, findings, definitions, parameters).apply(settings);
  }

  /** In the order written; a {@code let} sees those above it. */
  private void bindLets() {
    for (Statement statement : script.statements()) {
      if (!(statement instanceof Statement.Let let)
          || scope.letValue(let.name().text()) != null
          || !let.equals(scope.letStatement(let.name().text()))) {
        continue;
      }
      @Nullable Expression outside = scope.setting(let.name().text());
      ExpressionBinder binder =
          new ExpressionBinder(scope, findings, new Parameters(), "let " + let.name().text());
      Expression value = outside == null ? let.value() : outside;
      if (value instanceof Expression.Word(Name word) && word.text().equals(let.name().text())) {
        findings.report(word.span(), new Unbound(word.text()));
        continue;
      }
      Optional<Weight> weight = binder.weight(value);
      weight.ifPresent(bound -> scope.letValue(let.name().text(), bound));
    }
  }

  private @Nullable Formula bindDefinition(int index) {
    findings.inModel(index);
    Statement.Definition definition = definitions.get(index);
    Parameters own = parameters.get(index);
    ExpressionBinder binder = new ExpressionBinder(scope, findings, own, definition.name().text());
    Optional<Formula> formula =
        LoraExtraction.difference(definition.value(), findings).flatMap(binder::formula);
    if (formula.isPresent()) {
      own.reportUnused(findings);
    }
    parameters.set(index, none); // a hundred thousand of them take room
    return formula.orElse(null);
  }

  /** True where there were some. */
  private boolean breakCycles(Usage usage) {
    List<List<Integer>> cycles = usage.cycles();
    for (List<Integer> cycle : cycles) {
      List<String> path =
          cycle.stream().map(index -> definitions.get(index).name().text()).toList();
      int first = cycle.getFirst();
      findings.inModel(first);
      findings.report(
          definitions.get(first).name().span(), new bmr.diagnostic.NameProblem.Cycle(path));
      cycle.forEach(index -> formulas.set(index, null));
    }
    findings.outside();
    return !cycles.isEmpty();
  }

  private void bindRequests() {
    for (Statement statement : script.statements()) {
      if (statement instanceof Statement.Save save) {
        bindSave(save).ifPresent(saves::add);
      } else if (statement instanceof Statement.Compare compare) {
        Optional<Formula> left = reference(compare.left());
        Optional<Formula> right = reference(compare.right());
        CompareBlocks.check(
            compare.blocks(), compare.span(), compare.right().span().end(), findings);
        if (left.isPresent() && right.isPresent()) {
          compares.add(
              new CompareRequest(left.get(), right.get(), compare.blocks(), compare.span()));
        }
      } else if (statement instanceof Statement.Expectation expectation) {
        ExpectationBinder.bind(expectation, this::reference, findings).ifPresent(expectations::add);
      }
    }
  }

  private Optional<SaveRequest> bindSave(Statement.Save save) {
    OptionalInt model = definition(save.model());
    Optional<DType> dtype = Optional.empty();
    boolean asSource = false;
    boolean asDifference = false;
    boolean unetOnly = false;
    VaeChoice vae = new VaeChoice.FromFormula();
    Map<Component, DType> types = new EnumMap<>(Component.class);
    OptionalLong shardBytes = OptionalLong.empty();
    for (Statement.SaveOption option : save.options()) {
      switch (option) {
        case Statement.SaveOption.AsType type -> dtype = floatType(type.dtype());
        case Statement.SaveOption.AsSource s -> asSource = true;
        case Statement.SaveOption.AsDifference d -> asDifference = true;
        case Statement.SaveOption.UnetOnly u -> unetOnly = true;
        case Statement.SaveOption.Shards shards -> {
          shardBytes = ShardSize.bytes(shards.size());
          if (shardBytes.isEmpty()) {
            findings.report(shards.span(), new RequestProblem.ShardSizeUnclear(shards.size()));
          }
        }
        case Statement.SaveOption.Vae choice -> {
          Optional<DType> alone =
              choice.value().quoted() ? Optional.empty() : floatType(choice.value().text());
          vae = alone.isPresent() ? vae : vae(choice.value());
          choice
              .dtype()
              .flatMap(RecipeBinder::floatType)
              .or(() -> alone)
              .ifPresent(type -> types.put(Component.VAE, type));
        }
        case Statement.SaveOption.Typed typed -> {
          Optional<DType> type =
              typed.dtype().quoted() ? Optional.empty() : floatType(typed.dtype().text());
          Component.named(typed.component())
              .ifPresent(one -> type.ifPresent(own -> types.put(one, own)));
          if (type.isEmpty()) {
            findings.report(
                typed.span(), new PartProblem.NoType(typed.component(), typed.dtype().text()));
          }
        }
      }
    }
    if (model.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SaveRequest(
            model.getAsInt(),
            save.file(),
            dtype,
            asSource,
            asDifference || isExtraction(model.getAsInt()),
            unetOnly,
            vae,
            types,
            shardBytes,
            save.span()));
  }

  private boolean isExtraction(int model) {
    return LoraExtraction.rank(definitions.get(model).value()).isPresent();
  }

  private static Optional<DType> floatType(String word) {
    return DType.ofTag(word.toUpperCase(Locale.ROOT)).filter(DType::isFloat);
  }

  private VaeChoice vae(Name name) {
    if (!name.quoted() && name.text().equals("none")) {
      return new VaeChoice.None();
    }
    return reference(name)
        .<VaeChoice>map(formula ->
            switch (formula) {
              case Formula.OfSource source -> new VaeChoice.FromSource(source.source());
              case Formula.OfModel model -> new VaeChoice.FromModel(model.model());
              case Formula.Sum sum -> new VaeChoice.FromFormula();
              case Formula.Call call -> new VaeChoice.FromFormula();
              case Formula.Fallback fallback -> new VaeChoice.FromFormula();
              case Formula.Adjusted adjusted -> new VaeChoice.FromFormula();
              case Formula.OfComponent part -> new VaeChoice.FromFormula();
            })
        .orElseGet(VaeChoice.FromFormula::new);
  }

  private Optional<Formula> reference(Name name) {
    ExpressionBinder binder = new ExpressionBinder(scope, findings, new Parameters(), "");
    return binder.model(binder.bind(new Expression.Word(name)));
  }

  /** A definition that a {@code save} names; a file alone becomes a definition of its own. */
  private OptionalInt definition(Name name) {
    OptionalInt exact = scope.definition(name.text());
    if (exact.isPresent()) {
      return exact;
    }
    Optional<String> loose = scope.looseDefinition(name.text());
    if (loose.isPresent()) {
      findings.report(
          name.span(), new bmr.diagnostic.NameProblem.FoundLoosely(name.text(), loose.get()));
      return scope.definition(loose.get());
    }
    Set<String> known = new LinkedHashSet<>(scope.definitionNames());
    findings.report(
        name.span(), new NoDefinition(name.text(), Suggestions.closest(name.text(), known, 3)));
    return OptionalInt.empty();
  }

  /** A definition under its name, for the recipe. */
  static NamedModel named(Statement.Definition definition, Formula formula, boolean used) {
    return new NamedModel(
        definition.name().text(),
        formula,
        definition.name().span(),
        used,
        definition.sumAllowed().isPresent(),
        LoraExtraction.rank(definition.value()));
  }
}
