package bmr.recipe;

import bmr.diagnostic.NameProblem.TwoModels;
import bmr.diagnostic.NameProblem.WrongKind;
import bmr.diagnostic.Problem;
import bmr.diagnostic.SumProblem.AmbiguousAt;
import bmr.diagnostic.WeightProblem.DivisionByZero;
import bmr.model.Weight;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.Recipe.Term;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the expressions of one definition mean: models with weights, or weights. Recursion
 * is bounded by the parser's limit on brackets.
 */
final class ExpressionBinder {
  private static final Weight MINUS_ONE = Weight.of("-1");

  private final Scope scope;
  private final Findings findings;
  private final ReferenceBinder references;
  private final WordResolver words;
  private final WeightBinder weights;
  private final CallBinder calls;

  /**
   * Binds the expressions of one definition.
   *
   * @param owner its name, which random weights depend on
   */
  ExpressionBinder(Scope scope, Findings findings, Parameters parameters, String owner) {
    this.scope = scope;
    this.findings = findings;
    this.references = new ReferenceBinder(scope, findings);
    this.words = new WordResolver(scope, findings);
    this.weights = new WeightBinder(this, scope, findings, parameters, owner);
    this.calls = new CallBinder(this, weights, scope, findings, parameters);
  }

  /** The formula that a definition's right side means; empty where its problem was reported. */
  Optional<Formula> formula(Expression expression) {
    weights.listsOfLoras(LoraBinder.isIn(expression));
    calls.collectInlineLists(expression);
    return model(bind(expression));
  }

  /** The value of a {@code let}, or of a parameter from outside. */
  Optional<Weight> weight(Expression expression) {
    return weights.weight(expression, Optional.empty());
  }

  /** A value as a formula, its weight multiplied in. */
  Optional<Formula> model(Value value) {
    return switch (value) {
      case Value.Broken broken -> Optional.empty();
      case Value.Unknown unknown -> {
        words.reportUnknownModel(unknown.name());
        yield Optional.empty();
      }
      case Value.OfWeight weight -> {
        findings.report(
            weight.place(),
            new WrongKind(
                "`" + shortened(weight.place()) + "` is a weight, and a model belongs here",
                Optional.of("a weight for the whole script is given with `let`")));
        yield Optional.empty();
      }
      case Value.OfModel(Weight weight, Formula formula, Span place) ->
          Optional.of(
              weight.equals(Weight.Constant.ONE)
                  ? formula
                  : new Formula.Sum(List.of(term(weight, formula)), place));
    };
  }

  /** Long chains say the same few weights over and over. */
  private Term term(Weight weight, Formula formula) {
    return new Term(scope.shared(weight), formula);
  }

  Value bind(Expression expression) {
    return switch (expression) {
      case Expression.Word word -> word(word.name());
      case Expression.Number number ->
          new Value.OfWeight(new Weight.Constant(number.value()), number.span());
      case Expression.Bracket bracket -> inBrackets(bind(bracket.inner()), bracket.span());
      case Expression.Negated negated -> negated(bind(negated.operand()), negated.span());
      case Expression.Sum sum -> sum(sum);
      case Expression.Product product -> product(product);
      case Expression.Call call -> calls.bind(call);
      case Expression.Values values -> weights.list(values, Optional.empty());
      case Expression.WeightMap map -> weights.map(map);
      case Expression.With with -> weights.with(with);
      case Expression.At at -> at(at);
      case Expression.ModelList list ->
          broken(
              list.span(),
              new WrongKind(
                  "a list of models stands only in a method's brackets",
                  list.models().stream().allMatch(Expression.Number.class::isInstance)
                      ? Optional.of("a list of weights has round brackets: `(0, 0.5, ...)`")
                      : Optional.empty()));
      case Expression.Fallback fallback -> fallback(fallback);
      case Expression.Unknown unknown -> weights.unknown(unknown);
      case Expression.Pinned pinned ->
          references
              .chosen(pinned)
              .orElseGet(() ->
                  references.pinned(pinned, words.resolve(pinned.name(), _ -> Optional.empty())));
      case Expression.HubFile hub -> references.hub(hub);
      case Expression.Broken broken -> new Value.Broken(broken.span());
    };
  }

  private Value word(Name name) {
    Value value = words.resolve(name, weights::lookUp);
    return value instanceof Value.Unknown
        ? WeightFunctions.preset(name)
            .map(this::random)
            .or(() -> weights.presetOfLoras(name))
            .orElse(value)
        : value;
  }

  private Value random(Expression.Values letters) {
    return weights.list(letters, Optional.empty());
  }

  private Value fallback(Expression.Fallback fallback) {
    List<Formula> alternatives = new ArrayList<>();
    for (Expression alternative : fallback.alternatives()) {
      model(bind(alternative)).ifPresent(alternatives::add);
    }
    if (alternatives.size() < fallback.alternatives().size()) {
      return new Value.Broken(fallback.span());
    }
    return new Value.OfModel(
        Weight.Constant.ONE, new Formula.Fallback(alternatives, fallback.span()), fallback.span());
  }

  Value broken(Span place, Problem problem) {
    findings.report(place, problem);
    return new Value.Broken(place);
  }

  private static Value inBrackets(Value value, Span span) {
    return switch (value) {
      case Value.OfWeight weight -> new Value.OfWeight(weight.weight(), span);
      case Value.OfModel model -> new Value.OfModel(model.weight(), model.formula(), span);
      case Value.Unknown unknown -> unknown;
      case Value.Broken broken -> broken;
    };
  }

  private static Value negated(Value value, Span span) {
    return switch (value) {
      case Value.OfWeight weight -> new Value.OfWeight(negative(weight.weight()), span);
      case Value.OfModel model ->
          new Value.OfModel(negative(model.weight()), model.formula(), span);
      case Value.Unknown unknown -> unknown;
      case Value.Broken broken -> broken;
    };
  }

  private static Weight negative(Weight weight) {
    return Weight.times(List.of(MINUS_ONE, weight));
  }

  private Value sum(Expression.Sum sum) {
    List<Value> values = new ArrayList<>();
    boolean models = false;
    boolean numbers = false;
    boolean broken = false;
    for (Expression.Term term : sum.terms()) {
      Value value = bind(term.operand());
      models |= value instanceof Value.OfModel;
      numbers |= value instanceof Value.OfWeight;
      broken |= value instanceof Value.Broken;
      values.add(term.negative() ? negated(value, term.span()) : value);
    }
    boolean asWeights = numbers && !models;
    for (Value value : values) {
      if (value instanceof Value.Unknown(Name name)) {
        reportUnknown(name, asWeights);
        broken = true;
      }
    }
    if (broken) {
      return new Value.Broken(sum.span());
    }
    if (asWeights) {
      List<Weight> summands =
          values.stream().map(value -> ((Value.OfWeight) value).weight()).toList();
      return new Value.OfWeight(Weight.plus(summands), sum.span());
    }
    if (numbers) {
      return mixed(values, sum.span());
    }
    if (values.size() == 1) {
      return values.getFirst();
    }
    List<Term> terms = new ArrayList<>();
    for (Value value : values) {
      Value.OfModel model = (Value.OfModel) value;
      terms.add(term(model.weight(), model.formula()));
    }
    return new Value.OfModel(Weight.Constant.ONE, new Formula.Sum(terms, sum.span()), sum.span());
  }

  private Value mixed(List<Value> values, Span span) {
    Value number =
        values.stream().filter(Value.OfWeight.class::isInstance).findFirst().orElseThrow();
    Value model = values.stream().filter(Value.OfModel.class::isInstance).findFirst().orElseThrow();
    String weight = shortened(number.place());
    return broken(
        span,
        new WrongKind(
            "`" + weight + "` is a weight, which cannot be added to a model",
            Optional.of(
                "is an `x` missing, as in `" + shortened(model.place()) + " x " + weight + "`?")));
  }

  /** Reports a word that nothing knows, by what it should have been. */
  void reportUnknown(Name name, boolean asWeight) {
    if (asWeight) {
      weights.reportUnbound(name);
    } else {
      words.reportUnknownModel(name);
    }
  }

  private Value product(Expression.Product product) {
    List<Weight> factors = new ArrayList<>();
    List<Value.OfModel> models = new ArrayList<>();
    List<Value.Unknown> unknown = new ArrayList<>();
    boolean broken = false;
    boolean dividesModel = false;
    @Nullable Value last = null;
    for (Expression.Factor factor : product.factors()) {
      Value value = bind(factor.operand());
      dividesModel |= factor.divided() && last instanceof Value.OfModel;
      last = value;
      switch (value) {
        case Value.Broken b -> broken = true;
        case Value.Unknown u -> unknown.add(u);
        case Value.OfModel m -> {
          models.add(m);
          if (factor.divided()) {
            broken(factor.span(), new WrongKind("a model cannot be divided by", Optional.empty()));
            broken = true;
          }
        }
        case Value.OfWeight w -> broken |= !multiply(factors, w, factor);
      }
    }
    if (models.size() > 1) {
      return broken(
          product.span(),
          new TwoModels(shortened(models.get(0).place()), shortened(models.get(1).place())));
    }
    if (models.size() == 1 && dividesModel && !broken) {
      return broken(
          product.span(),
          new WrongKind(
              "`/` divides weights, not models",
              Optional.of(
                  "write `" + shortened(models.getFirst().place()) + " x 0.5` for a half")));
    }
    int firstWeight = models.isEmpty() && unknown.size() > 1 ? 1 : 0;
    if (models.size() == 1 || unknown.size() > 1) {
      for (int i = 0; i < unknown.size(); i++) {
        reportUnknown(unknown.get(i).name(), i >= firstWeight);
      }
      broken |= !unknown.isEmpty();
    }
    if (broken) {
      return new Value.Broken(product.span());
    }
    if (unknown.size() == 1) {
      return unknown.getFirst();
    }
    Weight weight = Weight.times(factors);
    if (models.isEmpty()) {
      return new Value.OfWeight(weight, product.span());
    }
    Value.OfModel model = models.getFirst();
    return new Value.OfModel(
        Weight.times(List.of(weight, model.weight())), model.formula(), product.span());
  }

  /** Adds a factor; false where it is a division by zero. */
  private boolean multiply(List<Weight> factors, Value.OfWeight value, Expression.Factor factor) {
    if (!factor.divided()) {
      factors.add(value.weight());
      return true;
    }
    if (value.weight() instanceof Weight.Constant(BigDecimal divisor) && divisor.signum() == 0) {
      findings.report(factor.span(), new DivisionByZero());
      return false;
    }
    Weight soFar = Weight.times(List.copyOf(factors));
    factors.clear();
    factors.add(new Weight.Quotient(soFar, value.weight()));
    return true;
  }

  /** {@code A + (B - C) @ w} and {@code (B - C) @ w}; every other form has two readings. */
  private Value at(Expression.At at) {
    Optional<Weight> weight = weights.weight(at.weight(), Optional.empty());
    Expression operand = at.operand();
    if (operand instanceof Expression.Sum sum && sum.terms().size() == 2) {
      Expression.Term first = sum.terms().getFirst();
      Expression.Term last = sum.terms().getLast();
      if (!first.negative() && !last.negative() && isDifference(last.operand())) {
        Value base = bind(first.operand());
        Value change = bind(last.operand());
        Optional<Formula> baseFormula = model(base);
        Optional<Formula> changeFormula = model(change);
        if (weight.isEmpty() || baseFormula.isEmpty() || changeFormula.isEmpty()) {
          return new Value.Broken(at.span());
        }
        List<Term> terms =
            List.of(
                new Term(Weight.Constant.ONE, baseFormula.get()),
                new Term(weight.get(), changeFormula.get()));
        return new Value.OfModel(Weight.Constant.ONE, new Formula.Sum(terms, at.span()), at.span());
      }
      String left = shortened(first.operand().span());
      String right = shortened(last.operand().span());
      String share = shortened(at.weight().span());
      return broken(
          at.span(),
          new AmbiguousAt(
              left + " x (1 - " + share + ") + " + right + " x " + share,
              left + " + (" + right + " - base) x " + share));
    }
    if (operand instanceof Expression.Sum sum && sum.terms().size() > 2) {
      String share = shortened(at.weight().span());
      String first = shortened(sum.terms().get(0).operand().span());
      String second = shortened(sum.terms().get(1).operand().span());
      String third = shortened(sum.terms().get(2).operand().span());
      return broken(
          at.span(),
          new AmbiguousAt(
              first + " + (" + second + " - " + third + ") x " + share,
              first + " + " + second + " + " + third + " x " + share));
    }
    Value value = bind(operand);
    Optional<Formula> formula = model(value);
    if (weight.isEmpty() || formula.isEmpty()) {
      return new Value.Broken(at.span());
    }
    return new Value.OfModel(weight.get(), formula.get(), at.span());
  }

  private static boolean isDifference(Expression expression) {
    return expression instanceof Expression.Bracket(var inner, var span)
        && inner instanceof Expression.Sum sum
        && sum.terms().size() == 2
        && sum.terms().getLast().negative();
  }

  /** The text of a place, cut where it is too long for a sentence. */
  static String shortened(Span place) {
    String text = place.text().strip().replaceAll("\\s+", " ");
    return text.length() <= 48 ? text : text.substring(0, 45) + "...";
  }
}
