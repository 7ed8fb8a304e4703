package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the steps of a post into a draft: as definitions where all is said, else as questions. */
final class PostStepWriter {
  private static final Pattern PLACEHOLDER_NAME =
      Pattern.compile(
          "(?i)(?:(?:model|base|for|fixed|primary|secondary|tertiary|result|merged|new|a|b|c)"
              + "(?:[ _-]|$))+");

  private final ScriptDraft draft;
  private final List<PostStep> steps;
  private final Set<String> results;
  private final Map<String, String> latest = new HashMap<>();

  /**
   * @param steps all of the post's
   * @param results the names that they define
   */
  PostStepWriter(ScriptDraft draft, List<PostStep> steps, Set<String> results) {
    this.draft = draft;
    this.steps = List.copyOf(steps);
    this.results = results;
  }

  /** Adds one; whether it became a definition or a question. */
  boolean write(PostStep step) {
    List<String> operands = Notation.models(step.tree);
    boolean example =
        operands.stream().allMatch(name -> PLACEHOLDER_NAME.matcher(name).matches())
            && operands.stream().noneMatch(results::contains);
    if (example && results.size() > 1) {
      draft.notUnderstood(step.place.line(), "an explanation: nothing defines or uses these names");
      return false;
    }
    String result = step.result == null ? draft.freshName("merged") : step.result;
    boolean complete = Notation.isModel(step.tree) || step.at != null || !step.weights.isEmpty();
    if (!complete && step.result == null && !results.isEmpty()) {
      draft.comment(step.place.text());
      return false;
    }
    if (!complete && definedElsewhere(step)) {
      draft.notUnderstood(step.place.line(), "`" + result + "` is defined in full elsewhere");
      return false;
    }
    List<String> names = operands.stream().map(this::nearest).toList();
    Notation tree = renamed(step.tree);
    if (draft.defines(result)) {
      String given = draft.freshName(result);
      draft.comment("`" + result + "` is defined again: later steps mean `" + given + "`");
      latest.put(result, given);
      result = given;
    }
    if (step.rounded) {
      draft.comment(WebUiName.remark());
    }
    Optional<Ratio> missing = withBase(step);
    if (missing.isPresent()) {
      askForBase(step, result, names, tree, missing.get());
      return true;
    }
    Ratio given = step.weights.get("alpha");
    Ratio share = step.at == null ? given : new Ratio.Number(step.at);
    Optional<Merge> merge = merge(step, tree, names, share);
    if (merge.isPresent()) {
      define(step, result, names, merge.get());
      return true;
    }
    List<String> readings = new ArrayList<>();
    boolean plainSum =
        step.tree instanceof Notation.Sum(List<Notation> terms, var minus)
            && terms.stream().allMatch(term -> term instanceof Notation.Model);
    if (plainSum && names.size() == 2) {
      var half = new Ratio.Number(new BigDecimal("0.5"));
      readings.addAll(
          ScriptDraft.definition(result, new Merge.WeightSum(names.get(0), names.get(1), half)));
    } else if (plainSum && names.size() == 3) {
      var whole = share == null ? new Ratio.Number(BigDecimal.ONE) : share;
      readings.add(
          String.join(
              "\n",
              ScriptDraft.definition(
                  result,
                  new Merge.AddDifference(names.get(0), names.get(1), names.get(2), whole))));
    }
    draft.question(
        step.place.line().span(),
        "the weights of `" + result + "` are not all said, or do not add up to 1",
        readings);
    return true;
  }

  /** Defines the result, or asks where a step says more than bmr computes. */
  private void define(PostStep step, String result, List<String> names, Merge merge) {
    Line line = step.place.line();
    if (isRandom(step)) {
      draft.reserve(result);
      draft.question(
          line.span(),
          "the weights of `"
              + result
              + "` were drawn at random, and nobody can draw them again: bmr's"
              + " own draw needs a seed",
          List.of(
              "seed 1\n" + String.join("\n", ScriptDraft.definition(result, merge)),
              "model " + ScriptDraft.spelled(result) + " = ?"));
      return;
    }
    Merge plain = merge;
    if (!CalculationMode.isNormal(step.calculation)
        && step.tree instanceof Notation.Sum
        && names.size() == 3
        && differenceOf(step.tree).isPresent()) {
      plain =
          new Merge.AddDifference(
              names.get(0), names.get(1), names.get(2), differenceOf(step.tree).get());
    }
    Optional<Merge> applied = CalculationMode.applied(step.calculation, plain);
    if (applied.isEmpty()) {
      CalculationMode.ask(draft, line, result, step.calculation, merge);
    } else {
      draft.define(result, applied.get());
    }
  }

  /** The weight of {@code A + (B - C) x w}. */
  private static Optional<Ratio> differenceOf(Notation tree) {
    return tree instanceof Notation.Sum(List<Notation> terms, List<Boolean> minus)
            && terms.size() == 2
            && !minus.get(1)
            && terms.get(0) instanceof Notation.Model
            && terms.get(1)
                instanceof Notation.Product(Notation.Sum difference, Notation.Num(BigDecimal w))
            && difference.minus().equals(List.of(false, true))
        ? Optional.of(new Ratio.Number(w))
        : Optional.empty();
  }

  private static boolean isRandom(PostStep step) {
    return step.weights.values().stream()
        .anyMatch(ratio -> ratio instanceof Ratio.Written(String text) && text.startsWith("("));
  }

  /** Puts the weight of BASE to a list that lacks it; such a list where there is none. */
  private static Optional<Ratio> withBase(PostStep step) {
    for (Map.Entry<String, Ratio> entry : step.weights.entrySet()) {
      if (entry.getValue() instanceof Ratio.Blocks(List<BigDecimal> values, var none)
          && Decimals.lacksBase(values.size())) {
        entry.setValue(new Ratio.Blocks(values, Optional.ofNullable(step.base)));
        if (step.base == null) {
          return Optional.of(entry.getValue());
        }
      } else if (entry.getValue() instanceof Ratio.Written(String preset)
          && step.base != null
          && !preset.startsWith("(")) {
        entry.setValue(
            new Ratio.Written(preset + " with {BASE: " + step.base.toPlainString() + "}"));
      }
    }
    return Optional.empty();
  }

  private void askForBase(
      PostStep step, String result, List<String> names, Notation tree, Ratio list) {
    int size = list instanceof Ratio.Blocks(var values, var none) ? values.size() : 0;
    List<String> readings = new ArrayList<>();
    for (BigDecimal base : List.of(BigDecimal.ZERO, BigDecimal.ONE)) {
      step.base = base;
      withBase(step);
      merge(step, tree, names, step.weights.get("alpha"))
          .ifPresent(
              merge -> readings.add(String.join("\n", ScriptDraft.definition(result, merge))));
    }
    draft.reserve(result);
    draft.question(
        step.place.line().span(),
        "the list of " + size + " weights for `" + result + "` has none for BASE",
        readings);
  }

  /** What the step computes, where all is said. */
  private Optional<Merge> merge(
      PostStep step, Notation tree, List<String> names, @Nullable Ratio share) {
    Ratio given = step.weights.get("alpha");
    boolean symbols = Notation.uses(step.tree, "alpha") || Notation.uses(step.tree, "beta");
    if (!symbols && share != null && step.tree instanceof Notation.Sum sum) {
      boolean plain = sum.terms().stream().allMatch(term -> term instanceof Notation.Model);
      boolean difference =
          step.method != null && !step.method.contains("sum") && !step.method.equals("ws");
      if (plain && names.size() == 2 && !difference && !sum.minus().get(1)) {
        return Optional.of(new Merge.WeightSum(names.get(0), names.get(1), share));
      }
      boolean nested = names.size() == 3 && Notation.isModel(step.tree);
      if (names.size() == 3 && (plain && difference || nested && !sum.minus().get(1))) {
        return Optional.of(
            new Merge.AddDifference(names.get(0), names.get(1), names.get(2), share));
      }
    }
    boolean beta = !Notation.uses(step.tree, "beta") || step.weights.containsKey("beta");
    boolean said =
        (!symbols || !step.weights.isEmpty()) && share == null || symbols && given != null && beta;
    if (!Notation.isModel(step.tree) || !said) {
      return Optional.empty();
    }
    var clauses = new LinkedHashMap<String, String>();
    step.weights.forEach((name, ratio) -> {
      if (Notation.uses(step.tree, name)) {
        String number = ScriptDraft.weight(name, ratio, clauses);
        if (ratio instanceof Ratio.Number) {
          clauses.put(name, number.replaceAll("[()]", ""));
        }
      }
    });
    return Optional.of(new Merge.Written(Notation.script(tree), names, clauses));
  }

  private boolean definedElsewhere(PostStep step) {
    return steps.stream()
        .anyMatch(other -> other != step && Objects.equals(step.result, other.result));
  }

  private Notation renamed(Notation tree) {
    return switch (tree) {
      case Notation.Model(String name) -> new Notation.Model(nearest(name));
      case Notation.Num number -> number;
      case Notation.Symbol symbol -> symbol;
      case Notation.Sum(List<Notation> terms, List<Boolean> minus) ->
          new Notation.Sum(terms.stream().map(this::renamed).toList(), minus);
      case Notation.Product(Notation first, Notation second) ->
          new Notation.Product(renamed(first), renamed(second));
    };
  }

  /** The definition's spelling of a name that differs in case, separators, an s or a version. */
  private String nearest(String name) {
    if (results.contains(name)) {
      return latest.getOrDefault(name, name);
    }
    List<String> near =
        results.stream()
            .filter(result ->
                loose(result).equals(loose(name))
                    || loose(result).equals(loose(name) + "s")
                    || loose(result).matches(Pattern.quote(loose(name)) + "v\\d{1,3}"))
            .toList();
    String found = near.size() == 1 ? near.getFirst() : name;
    return latest.getOrDefault(found, found);
  }

  private static String loose(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
