package bmr.recipe;

import bmr.diagnostic.NameProblem.AmbiguousFile;
import bmr.diagnostic.NameProblem.AmbiguousSplit;
import bmr.diagnostic.NameProblem.FoundLoosely;
import bmr.diagnostic.NameProblem.UnknownName;
import bmr.diagnostic.NameProblem.WholeAndSplit;
import bmr.diagnostic.WeightProblem.PresetLikeBlock;
import bmr.model.Block;
import bmr.model.ModelNames.Lookup;
import bmr.model.ModelNames.ModelFile;
import bmr.model.Presets;
import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.Term;
import bmr.source.Span;
import bmr.syntax.tree.Name;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Decides what a word stands for: a parameter, a {@code let}, a definition, a file, a preset, or a
 * difference of such written without blanks. Whole names win over split ones, exact ones over loose
 * ones.
 */
final class WordResolver {
  private static final int LONGEST_SPLIT = 64;

  private final Scope scope;
  private final Findings findings;
  private final Set<String> noted = new HashSet<>();

  WordResolver(Scope scope, Findings findings) {
    this.scope = scope;
    this.findings = findings;
  }

  /**
   * Resolves a word.
   *
   * @param weights gives the value of a word that is a parameter or a {@code let}
   */
  Value resolve(Name name, WeightLookup weights) {
    Optional<Value> whole = whole(name, weights);
    Optional<Value> split = name.quoted() ? Optional.empty() : split(name, weights, whole);
    if (whole.isPresent()) {
      return whole.get();
    }
    return split.orElseGet(() -> loose(name));
  }

  /** Finds the value of a parameter. */
  interface WeightLookup {
    Optional<Value> weight(Name name);
  }

  private Optional<Value> whole(Name name, WeightLookup weights) {
    if (!name.quoted()) {
      Optional<Value> weight = weights.weight(name);
      if (weight.isPresent()) {
        return weight;
      }
    }
    OptionalInt definition = scope.definition(name.text());
    if (definition.isPresent()) {
      return Optional.of(model(new Formula.OfModel(definition.getAsInt(), name.span())));
    }
    Optional<ModelFile> file = scope.exactFile(name.text());
    if (file.isPresent()) {
      return Optional.of(model(new Formula.OfSource(scope.source(file.get(), name), name.span())));
    }
    if (Presets.find(name.text()).isPresent()) {
      if (Block.parse(name.text()).isPresent() && !name.quoted() && noted.add(name.text())) {
        findings.report(name.span(), new PresetLikeBlock(name.text()));
      }
      return Optional.of(new Value.OfWeight(new Weight.Preset(name.text()), name.span()));
    }
    return Optional.empty();
  }

  private static Value model(Formula formula) {
    return new Value.OfModel(Weight.Constant.ONE, formula, formula.place());
  }

  private Value loose(Name name) {
    Optional<String> definition = scope.looseDefinition(name.text());
    if (definition.isPresent()) {
      findings.report(name.span(), new FoundLoosely(name.text(), definition.get()));
      int index = scope.definition(definition.get()).orElseThrow();
      return model(new Formula.OfModel(index, name.span()));
    }
    return switch (scope.file(name.text())) {
      case Lookup.Found found -> {
        findings.report(name.span(), new FoundLoosely(name.text(), found.file().name()));
        yield model(new Formula.OfSource(scope.source(found.file(), name), name.span()));
      }
      case Lookup.Ambiguous ambiguous -> {
        List<String> files = ambiguous.files().stream().map(Object::toString).toList();
        findings.report(name.span(), new AmbiguousFile(name.text(), files, true));
        yield new Value.Broken(name.span());
      }
      case Lookup.Missing missing -> new Value.Unknown(name);
    };
  }

  /** Reports a word that had to be a model. */
  void reportUnknownModel(Name name) {
    findings.report(
        name.span(),
        new UnknownName(name.text(), scope.similarModels(name.text()), true, 1, knownPart(name)));
  }

  /** Of {@code B-D} without blanks: which part is known, and which is not. */
  private Optional<String> knownPart(Name name) {
    int hyphen = name.quoted() ? -1 : name.text().indexOf('-');
    if (hyphen <= 0 || hyphen == name.text().length() - 1) {
      return Optional.empty();
    }
    String left = name.text().substring(0, hyphen);
    String right = name.text().substring(hyphen + 1);
    boolean leftKnown = isModel(left);
    if (leftKnown == isModel(right)) {
      return Optional.empty();
    }
    return Optional.of(
        "`%s` is a model and `%s` is none; a minus has blanks around it: `%s - %s`"
            .formatted(leftKnown ? left : right, leftKnown ? right : left, left, right));
  }

  private boolean isModel(String name) {
    return scope.definition(name).isPresent()
        || (scope.file(name) instanceof Lookup.Found(var file, boolean exact) && exact);
  }

  /**
   * The difference that a hyphenated word may be: the split into known names or numbers with the
   * fewest parts. Parts are found exactly or not at all.
   */
  private Optional<Value> split(Name name, WeightLookup weights, Optional<Value> whole) {
    String text = name.text();
    if (text.indexOf('-') < 0) {
      return Optional.empty();
    }
    List<Integer> hyphens = new ArrayList<>();
    for (int i = 1; i < text.length() - 1; i++) {
      if (text.charAt(i) == '-') {
        hyphens.add(i);
      }
    }
    if (hyphens.size() > LONGEST_SPLIT) {
      return Optional.empty();
    }
    List<List<String>> best = fewestParts(name, hyphens, weights);
    if (best.isEmpty()) {
      return Optional.empty();
    }
    List<String> readings = best.stream().map(parts -> String.join(" - ", parts)).toList();
    if (whole.isPresent()) {
      findings.report(name.span(), new WholeAndSplit(text, readings.getFirst()));
      return Optional.empty();
    }
    if (best.size() > 1) {
      List<String> quoted = readings.stream().map(reading -> "`" + reading + "`").toList();
      findings.report(name.span(), new AmbiguousSplit(text, quoted));
      return Optional.of(new Value.Broken(name.span()));
    }
    return Optional.of(difference(name, best.getFirst(), weights));
  }

  /** All splits into at least two known parts that need the fewest, at most two of them. */
  private List<List<String>> fewestParts(Name name, List<Integer> hyphens, WeightLookup weights) {
    String text = name.text();
    List<Integer> starts = new ArrayList<>(List.of(0));
    hyphens.forEach(hyphen -> starts.add(hyphen + 1));
    List<Integer> ends = new ArrayList<>(hyphens);
    ends.add(text.length());
    int count = starts.size();
    // best.get(i): the shortest splits of the text from part i on.
    List<List<List<String>>> best = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      best.add(new ArrayList<>());
    }
    best.get(count).add(List.of());
    for (int i = count - 1; i >= 0; i--) {
      for (int j = i; j < count; j++) {
        if (i == 0 && j == count - 1) {
          continue; // the whole word is no split
        }
        String part = text.substring(starts.get(i), ends.get(j));
        if (best.get(j + 1).isEmpty() || !known(name, part, weights)) {
          continue;
        }
        for (List<String> rest : best.get(j + 1)) {
          List<String> parts = new ArrayList<>(List.of(part));
          parts.addAll(rest);
          offer(best.get(i), parts);
        }
      }
    }
    return best.getFirst();
  }

  private static void offer(List<List<String>> best, List<String> parts) {
    if (!best.isEmpty() && parts.size() < best.getFirst().size()) {
      best.clear();
    }
    if (best.size() < 2 && (best.isEmpty() || parts.size() == best.getFirst().size())) {
      best.add(parts);
    }
  }

  private boolean known(Name name, String part, WeightLookup weights) {
    return number(part).isPresent()
        || scope.definition(part).isPresent()
        || scope.exactFile(part).isPresent()
        || Presets.find(part).isPresent()
        || weights.weight(named(name, part)).isPresent();
  }

  private static Name named(Name whole, String part) {
    return new Name(part, false, whole.span());
  }

  private static Optional<BigDecimal> number(String part) {
    if (!part.matches("[0-9]{1,30}(\\.[0-9]{1,60})?")) {
      return Optional.empty();
    }
    return Optional.of(new BigDecimal(part));
  }

  private Value difference(Name name, List<String> parts, WeightLookup weights) {
    Span place = name.span();
    List<Value> values = new ArrayList<>();
    for (String part : parts) {
      Optional<BigDecimal> number = number(part);
      values.add(
          number.isPresent()
              ? new Value.OfWeight(new Weight.Constant(number.get()), place)
              : whole(named(name, part), weights).orElseThrow());
    }
    if (values.stream().anyMatch(Value.Broken.class::isInstance)) {
      return new Value.Broken(place);
    }
    if (values.stream().allMatch(Value.OfWeight.class::isInstance)) {
      Weight result = ((Value.OfWeight) values.getFirst()).weight();
      for (Value value : values.subList(1, values.size())) {
        result = Weight.minus(result, ((Value.OfWeight) value).weight());
      }
      return new Value.OfWeight(result, place);
    }
    List<Term> terms = new ArrayList<>();
    for (Value value : values) {
      if (!(value instanceof Value.OfModel model)) {
        return new Value.Unknown(name);
      }
      Weight sign = terms.isEmpty() ? Weight.Constant.ONE : Weight.of("-1");
      terms.add(new Term(Weight.times(List.of(sign, model.weight())), model.formula()));
    }
    return new Value.OfModel(Weight.Constant.ONE, new Formula.Sum(terms, place), place);
  }
}
