package bmr.recipe;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.NameProblem.AmbiguousFile;
import bmr.diagnostic.NameProblem.UnknownName;
import bmr.diagnostic.NameProblem.Unused;
import bmr.diagnostic.Problem;
import bmr.diagnostic.RequestProblem.NoDefinition;
import bmr.diagnostic.RequestProblem.UnusedSetting;
import bmr.diagnostic.Suggestions;
import bmr.model.BlockMap;
import bmr.recipe.Recipe.CompareRequest;
import bmr.recipe.Recipe.ExpectationRequest;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Recipe.VaeChoice;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import bmr.tensor.DType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The end of binding: what is used, what is wanted, and which problems matter. A missing file that
 * nothing wanted depends on is a warning: whoever has ten of eleven models can make what those ten
 * make.
 */
final class Conclusion {
  private final Script script;
  private final Scope scope;
  private final Findings findings;
  private final List<Statement.Definition> definitions;
  private final List<? extends @Nullable Formula> formulas;
  private final List<SaveRequest> saves;
  private final List<CompareRequest> compares;
  private final List<ExpectationRequest> expectations;
  private final Usage usage;

  Conclusion(
      Script script,
      Scope scope,
      Findings findings,
      List<Statement.Definition> definitions,
      List<? extends @Nullable Formula> formulas,
      Usage usage,
      List<SaveRequest> saves,
      List<CompareRequest> compares,
      List<ExpectationRequest> expectations) {
    this.script = script;
    this.scope = scope;
    this.findings = findings;
    this.definitions = definitions;
    this.formulas = formulas;
    this.saves = saves;
    this.compares = compares;
    this.expectations = expectations;
    this.usage = usage;
  }

  Bound conclude(Wanted wanted, BlockMap blockMap, Optional<DType> stepwise, boolean keepsEma) {
    BitSet used = used();
    Set<Integer> asked = asked();
    // what could not be bound may have used anything
    boolean whole = !formulas.contains(null);
    for (int index = 0; index < definitions.size() && whole; index++) {
      boolean lonely = !isIncluded(index) && !used.get(index) && !asked.contains(index);
      if (lonely && !saves.isEmpty()) {
        findings.inModel(index);
        findings.report(
            definitions.get(index).name().span(), new Unused(definitions.get(index).name().text()));
      }
    }
    findings.outside();
    for (String setting : scope.unusedSettings()) {
      findings.report(Diagnostic.of(new UnusedSetting(setting, List.copyOf(scope.letNames()))));
    }
    BitSet needed = usage.reachable(roots(wanted, used, asked));
    List<NamedModel> models = new ArrayList<>();
    for (int index = 0; index < definitions.size(); index++) {
      Formula formula = formulas.get(index);
      if (formula == null) {
        // stands for what could not be bound, so that indices hold; an error is on record
        formula = new Formula.Sum(List.of(), definitions.get(index).span());
      }
      models.add(
          RecipeBinder.named(
              definitions.get(index),
              formula,
              used.get(index) || asked.contains(index) || isIncluded(index)));
    }
    Recipe recipe =
        new Recipe(
            scope.sources(), models, saves, compares, blockMap, stepwise, keepsEma, expectations);
    return new Bound(recipe, once(needed));
  }

  /** Definitions of an included script are there to be used, and not meant to be made. */
  private boolean isIncluded(int index) {
    return !definitions.get(index).span().source().equals(script.source());
  }

  private BitSet used() {
    BitSet used = new BitSet();
    for (int index = 0; index < definitions.size(); index++) {
      usage.of(index).forEach(used::set);
    }
    return used;
  }

  /** Definitions that a {@code save}, {@code compare}, {@code expect} or {@code require} names. */
  private Set<Integer> asked() {
    Set<Integer> asked = new LinkedHashSet<>();
    for (SaveRequest save : saves) {
      asked.add(save.model());
      if (save.vae() instanceof VaeChoice.FromModel(int model)) {
        asked.add(model);
      }
    }
    for (CompareRequest compare : compares) {
      if (compare.left() instanceof Formula.OfModel left) {
        asked.add(left.model());
      }
      if (compare.right() instanceof Formula.OfModel right) {
        asked.add(right.model());
      }
    }
    for (ExpectationRequest expectation : expectations) {
      for (Formula model : expectation.models()) {
        if (model instanceof Formula.OfModel one) {
          asked.add(one.model());
        }
      }
    }
    return asked;
  }

  private List<Integer> roots(Wanted wanted, BitSet used, Set<Integer> asked) {
    if (wanted.all()) {
      return IntStream.range(0, definitions.size()).boxed().toList();
    }
    if (wanted.only().isPresent()) {
      String name = wanted.only().get();
      OptionalInt definition = scope.definition(name);
      if (definition.isEmpty()) {
        Optional<String> loose = scope.looseDefinition(name);
        definition = loose.isPresent() ? scope.definition(loose.get()) : definition;
      }
      if (definition.isEmpty()) {
        findings.report(
            Diagnostic.of(
                new NoDefinition(name, Suggestions.closest(name, scope.definitionNames(), 3))));
        return List.of();
      }
      return List.of(definition.getAsInt());
    }
    if (script.statements().stream().anyMatch(Statement.Save.class::isInstance)) {
      return List.copyOf(asked);
    }
    return IntStream.range(0, definitions.size())
        .filter(i -> !used.get(i) && !isIncluded(i))
        .boxed()
        .toList();
  }

  /** All findings, a name that nothing knows only once: where something needed names it first. */
  @SuppressWarnings("ReferenceEquality") // the very finding, of several that say the same
  private List<Bound.Finding> once(BitSet needed) {
    Map<String, Integer> places = new HashMap<>();
    Map<String, Bound.Finding> first = new HashMap<>();
    for (Bound.Finding finding : findings.all()) {
      if (finding.diagnostic().problem() instanceof UnknownName unknown) {
        places.merge(unknown.name(), 1, Integer::sum);
        Bound.Finding before = first.putIfAbsent(unknown.name(), finding);
        if (before != null && !matters(before, needed) && matters(finding, needed)) {
          first.put(unknown.name(), finding);
        }
      }
    }
    List<Bound.Finding> all = new ArrayList<>();
    for (Bound.Finding finding : findings.all()) {
      if (!(finding.diagnostic().problem() instanceof UnknownName unknown)) {
        all.add(weighed(finding, needed));
      } else if (first.get(unknown.name()) == finding) {
        Problem counted =
            new UnknownName(
                unknown.name(),
                unknown.similar(),
                true,
                places.getOrDefault(unknown.name(), 1),
                unknown.difference());
        all.add(weighed(finding.of(counted), needed));
      }
    }
    return all;
  }

  private static boolean matters(Bound.Finding finding, BitSet needed) {
    return finding.model().isEmpty() || needed.get(finding.model().getAsInt());
  }

  private static Bound.Finding weighed(Bound.Finding finding, BitSet needed) {
    if (matters(finding, needed)) {
      return finding;
    }
    Problem problem = finding.diagnostic().problem();
    if (problem instanceof UnknownName unknown) {
      problem =
          new UnknownName(
              unknown.name(), unknown.similar(), false, unknown.places(), unknown.difference());
    } else if (problem instanceof AmbiguousFile ambiguous) {
      problem = new AmbiguousFile(ambiguous.name(), ambiguous.files(), false);
    } else {
      return finding;
    }
    return finding.of(problem);
  }
}
