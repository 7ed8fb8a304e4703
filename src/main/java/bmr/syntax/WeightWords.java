package bmr.syntax;

import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which words of a definition stand where a weight does, judged by their place alone. That decides
 * whether `W = ...` below a definition is a clause of it or a definition of its own.
 */
final class WeightWords {
  /** How sure the place makes it. */
  enum Role {
    /** No weight of this definition. */
    NONE,
    /** In a place where a model could stand as well. */
    POSSIBLE,
    /** A weight. */
    WEIGHT,
    /** A weight with its list behind it. */
    BOUND
  }

  private final Map<String, Role> roles = new LinkedHashMap<>();

  WeightWords(Expression formula) {
    visit(formula, Role.NONE);
  }

  /** The role of a name; {@code base} and {@code base_W} count where W does. */
  Role role(String name) {
    Role role = roles.getOrDefault(name, Role.NONE);
    if (role != Role.NONE) {
      return role;
    }
    boolean base =
        name.equals("base") && roles.values().stream().anyMatch(r -> r != Role.POSSIBLE)
            || name.startsWith("base_") && roles.containsKey(name.substring("base_".length()));
    return base ? Role.WEIGHT : Role.NONE;
  }

  /** The weights that have no list behind them. */
  List<String> open() {
    return roles.entrySet().stream()
        .filter(entry -> entry.getValue() == Role.WEIGHT)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A clause's weight may name further weights: {@code alpha = 1 - beta}. */
  void addWordsOf(Expression weight) {
    visit(weight, Role.WEIGHT);
  }

  /** Whether a value holds no word at all, so that it cannot be a model. */
  static boolean isWordless(Expression value) {
    var words = new WeightWords(value);
    words.addWordsOf(value);
    return words.roles.isEmpty() && !(value instanceof Expression.Broken);
  }

  private void add(String word, Role role) {
    if (role != Role.NONE) {
      roles.merge(word, role, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
  }

  /** A word in a place: `1-alpha` may be a name, or 1 less alpha. */
  private void add(Name name, Role place) {
    add(name.text(), place);
    if (name.quoted() || name.text().indexOf('-') < 0) {
      return;
    }
    List<String> parts = List.of(name.text().split("-+"));
    boolean arithmetic = parts.stream().anyMatch(WeightWords::isNumber);
    for (String part : parts) {
      if (!isNumber(part)) {
        add(part, arithmetic && place == Role.NONE ? Role.POSSIBLE : place);
      }
    }
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
  }

  private void visit(Expression expression, Role place) {
    switch (expression) {
      case Expression.Word word -> add(word.name(), place);
      case Expression.Pinned pinned -> add(pinned.name().text(), place);
      case Expression.HubFile file -> add(file.reference(), place);
      case Expression.Number _ -> {}
      case Expression.Unknown _ -> {}
      case Expression.Broken _ -> {}
      case Expression.Sum sum -> {
        boolean weight = sum.terms().stream().anyMatch(term -> isNumeric(term.operand()));
        sum.terms().forEach(term -> visit(term.operand(), weight ? Role.WEIGHT : place));
      }
      case Expression.Product product -> visitFactors(product.factors(), place);
      case Expression.Negated negated -> visit(negated.operand(), place);
      case Expression.Bracket bracket -> visit(bracket.inner(), place);
      case Expression.Call call -> visitCall(call, place);
      case Expression.Values values -> values.values().forEach(v -> visit(v, Role.WEIGHT));
      case Expression.ModelList models -> models.models().forEach(m -> visit(m, Role.NONE));
      case Expression.WeightMap map -> visitMap(map);
      case Expression.With with -> {
        visit(with.weight(), Role.WEIGHT);
        visitMap(with.overrides());
      }
      case Expression.At at -> {
        visit(at.operand(), place);
        visit(at.weight(), Role.WEIGHT);
      }
      case Expression.Fallback fallback -> fallback.alternatives().forEach(a -> visit(a, place));
    }
  }

  private void visitMap(Expression.WeightMap map) {
    map.entries().forEach(entry -> visit(entry.weight(), Role.WEIGHT));
    map.otherwise().ifPresent(rest -> visit(rest, Role.WEIGHT));
  }

  /** The model of a product is the one factor that is no weight, the first where several could. */
  private void visitFactors(List<Expression.Factor> factors, Role place) {
    int model = -1;
    int candidates = 0;
    for (int i = 0; i < factors.size(); i++) {
      if (!factors.get(i).divided() && !isNumeric(factors.get(i).operand())) {
        model = model < 0 ? i : model;
        candidates++;
      }
    }
    for (int i = 0; i < factors.size(); i++) {
      Expression operand = factors.get(i).operand();
      if (place == Role.WEIGHT) {
        visit(operand, Role.WEIGHT);
      } else if (i != model) {
        // `w x (A - B)` or `A x (v + w)`
        boolean either =
            model >= 0
                && factors.get(model).operand() instanceof Expression.Word
                && operand instanceof Expression.Bracket
                && !isNumeric(operand);
        visit(operand, either ? Role.POSSIBLE : Role.WEIGHT);
      } else {
        boolean either = candidates > 1 && operand instanceof Expression.Word;
        visit(operand, either ? Role.POSSIBLE : place);
      }
    }
  }

  private void visitCall(Expression.Call call, Role place) {
    if (place == Role.WEIGHT) {
      add(call.name().text(), Role.BOUND);
      for (var argument : call.arguments()) {
        argument.name().ifPresent(name -> add(name.text(), Role.BOUND));
      }
    }
    for (var argument : call.arguments()) {
      visit(argument.value(), place == Role.WEIGHT ? Role.WEIGHT : Role.POSSIBLE);
    }
  }

  /** Whether an operand is a weight by its look: numbers, lists, maps, `1 - alpha`. */
  private static boolean isNumeric(Expression expression) {
    return switch (expression) {
      case Expression.Number _,
          Expression.Values _,
          Expression.WeightMap _,
          Expression.Unknown _,
          Expression.With _ ->
          true;
      case Expression.Word word ->
          !word.name().quoted()
              && word.name().text().indexOf('-') > 0
              && isNumber(word.name().text().substring(0, word.name().text().indexOf('-')));
      case Expression.Negated negated -> isNumeric(negated.operand());
      case Expression.Bracket bracket -> isNumeric(bracket.inner());
      case Expression.Sum sum -> sum.terms().stream().anyMatch(term -> isNumeric(term.operand()));
      case Expression.Product product ->
          product.factors().stream().allMatch(factor -> isNumeric(factor.operand()));
      case Expression.Pinned _,
          Expression.HubFile _,
          Expression.Call _,
          Expression.ModelList _,
          Expression.At _,
          Expression.Fallback _,
          Expression.Broken _ ->
          false;
    };
  }
}
