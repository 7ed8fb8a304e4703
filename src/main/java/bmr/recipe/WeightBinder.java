package bmr.recipe;

import bmr.diagnostic.FitProblem.ContradictoryBounds;
import bmr.diagnostic.FitProblem.StartOutside;
import bmr.diagnostic.FormulaProblem.DecimalComma;
import bmr.diagnostic.NameProblem.WrongKind;
import bmr.diagnostic.Suggestions;
import bmr.diagnostic.WeightProblem.BackwardsRange;
import bmr.diagnostic.WeightProblem.ListLength;
import bmr.diagnostic.WeightProblem.PlainBase;
import bmr.diagnostic.WeightProblem.TooLarge;
import bmr.diagnostic.WeightProblem.Unbound;
import bmr.diagnostic.WeightProblem.UnknownBlock;
import bmr.diagnostic.WeightProblem.WeightCycle;
import bmr.model.Block;
import bmr.model.Weight;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Weights: parameters and {@code let}s by name, lists, maps, overrides. */
final class WeightBinder {
  private static final int LARGEST = 20_000;

  private final ExpressionBinder expressions;
  private final Scope scope;
  private final Findings findings;
  private final Parameters parameters;
  private final Map<String, Optional<Weight>> bound = new HashMap<>();
  private final Set<String> underWay = new HashSet<>();
  private final Set<String> unbound = new HashSet<>();
  private final WeightFunctions functions;
  private final RandomWeights random;
  private String parameter = "";
  private boolean loras;

  WeightBinder(
      ExpressionBinder expressions,
      Scope scope,
      Findings findings,
      Parameters parameters,
      String owner) {
    this.expressions = expressions;
    this.scope = scope;
    this.findings = findings;
    this.parameters = parameters;
    this.random = new RandomWeights(scope.seed(), owner);
    this.functions = new WeightFunctions(this, findings, random);
  }

  /** Whether lists may have the lengths of LoRAs' blocks. */
  void listsOfLoras(boolean allowed) {
    loras = allowed;
  }

  /** A preset of weights for LoRAs, where they may stand. */
  Optional<Value> presetOfLoras(Name name) {
    return loras && !name.quoted()
        ? LoraBlocks.preset(name.text()).map(weight -> new Value.OfWeight(weight, name.span()))
        : Optional.empty();
  }

  /** The parameter whose value is being bound; empty in the formula itself. */
  String parameter() {
    return parameter;
  }

  Value function(Expression.Call call) {
    return functions.bind(call);
  }

  /** An expression that must be a weight; empty where its problem was reported. */
  Optional<Weight> weight(Expression expression, Optional<String> parameter) {
    Value value =
        expression instanceof Expression.Values values
            ? list(values, parameter)
            : expressions.bind(expression);
    return switch (value) {
      case Value.OfWeight weight -> bounded(weight);
      case Value.Broken broken -> Optional.empty();
      case Value.Unknown(Name name) -> {
        reportUnbound(name);
        yield Optional.empty();
      }
      case Value.OfModel model -> {
        findings.report(
            model.place(),
            new WrongKind(
                "`"
                    + ExpressionBinder.shortened(model.place())
                    + "` is a model, and a weight belongs here",
                Optional.empty()));
        yield Optional.empty();
      }
    };
  }

  /** Weights that double with every {@code let} would take for ever to evaluate. */
  private Optional<Weight> bounded(Value.OfWeight weight) {
    if (WeightSize.exceeds(weight.weight(), LARGEST)) {
      findings.report(weight.place(), new TooLarge());
      return Optional.empty();
    }
    return Optional.of(weight.weight());
  }

  /**
   * Reports a weight without a value, once for each name; of {@code 1-alpha} it is alpha that lacks
   * one.
   */
  void reportUnbound(Name name) {
    String parameter = name.text().replaceFirst("^([0-9.]+-)+", "");
    if (unbound.add(parameter)) {
      findings.report(name.span(), new Unbound(parameter, scope.similarWeights(parameter)));
    }
  }

  /** The value of a word that is a parameter of this definition or a {@code let} of the script. */
  Optional<Value> lookUp(Name name) {
    String text = name.text();
    @Nullable Expression value = parameters.value(text).orElse(null);
    Statement.@Nullable Let let = scope.letStatement(text);
    if (value == null && let != null) {
      return Optional.of(letValue(let, name));
    }
    if (value == null) {
      value = scope.setting(text);
    }
    if (value == null) {
      return Optional.empty();
    }
    if (!bound.containsKey(text)) {
      if (!underWay.add(text)) {
        findings.report(name.span(), new WeightCycle(text));
        return Optional.of(new Value.Broken(name.span()));
      }
      String outer = parameter;
      parameter = text;
      bound.put(text, weight(value, Optional.of(text)));
      parameter = outer;
      underWay.remove(text);
    }
    return Optional.of(
        bound
            .get(text)
            .<Value>map(weight -> new Value.OfWeight(weight, name.span()))
            .orElseGet(() -> new Value.Broken(name.span())));
  }

  private Value letValue(Statement.Let let, Name name) {
    @Nullable Weight weight = scope.letValue(let.name().text());
    if (weight == null) {
      // a value that could not be read has been reported; one that stands further below has not
      if (let.span().source() == name.span().source() && let.span().end() >= name.span().end()) {
        findings.report(name.span(), new Unbound(name.text(), List.of()));
      }
      return new Value.Broken(name.span());
    }
    return new Value.OfWeight(weight, name.span());
  }

  /** A list in brackets: 26 or 20 values, or one fewer where BASE is given apart. */
  Value list(Expression.Values values, Optional<String> parameter) {
    List<Weight> weights = new ArrayList<>();
    boolean broken = false;
    int group = -1;
    for (int i = 0; i < values.values().size(); i++) {
      Expression value = values.values().get(i);
      Optional<Weight> weight;
      if (isRandom(value)) {
        group = group < 0 ? random.nextGroup(this.parameter) : group;
        weight = broken ? Optional.empty() : functions.letter(value, group, i);
      } else {
        weight = weight(value, Optional.empty());
      }
      weight.ifPresent(weights::add);
      broken |= weight.isEmpty();
    }
    if (broken) {
      return new Value.Broken(values.span());
    }
    int length = weights.size();
    if (length == 1) {
      return new Value.OfWeight(weights.getFirst(), values.span());
    }
    if (length == 25 || length == 19) {
      Optional<Weight> base = parameter.flatMap(this::base);
      if (base.isPresent()) {
        weights.addFirst(base.get());
        return new Value.OfWeight(new Weight.PerBlock(weights), values.span());
      }
    }
    Optional<Weight> ofLora = loras ? LoraBlocks.weight(weights) : Optional.empty();
    if (ofLora.isPresent()) {
      return new Value.OfWeight(ofLora.get(), values.span());
    }
    if (length != 26 && length != 20) {
      Optional<Span> comma = decimalComma(values);
      return comma.isPresent()
          ? expressions.broken(comma.get(), new DecimalComma(comma.get().text()))
          : expressions.broken(values.span(), new ListLength(length));
    }
    return new Value.OfWeight(new Weight.PerBlock(weights), values.span());
  }

  /** {@code (0,5, 0,25)}: whole numbers in pairs, with blanks between the pairs only. */
  private static Optional<Span> decimalComma(Expression.Values list) {
    List<Expression> values = list.values();
    int length = values.size();
    boolean twice = length == 52 || length == 50 || length == 40 || length == 38;
    for (int i = 0; i < length; i++) {
      Span place = values.get(i).span();
      if (length % 2 == 1 || !place.text().matches("[0-9]+")) {
        return Optional.empty();
      }
      if (i > 0) {
        boolean near = values.get(i - 1).span().end() + 1 == place.start();
        if (i % 2 == 1 && !near || i % 2 == 0 && near && !twice) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(values.get(0).span().to(values.get(1).span()));
  }

  private boolean isRandom(Expression value) {
    return WeightFunctions.isLetter(value) && lookUp(((Expression.Word) value).name()).isEmpty();
  }

  /** {@code base_alpha = w}, or {@code base = w} where alpha is the only parameter. */
  private Optional<Weight> base(String parameter) {
    Optional<Expression> own = parameters.value("base_" + parameter);
    if (own.isPresent()) {
      return weight(own.get(), Optional.empty());
    }
    Optional<Expression> plain = parameters.value("base");
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    List<String> others =
        parameters.own().stream().filter(name -> !name.startsWith("base")).toList();
    if (others.size() > 1) {
      findings.report(plain.get().span(), new PlainBase(others));
    }
    return weight(plain.get(), Optional.empty());
  }

  /** A weight to be found; one without a name is known by its place. */
  Value unknown(Expression.Unknown unknown) {
    Span place = unknown.span();
    Optional<BigDecimal> low = unknown.low();
    Optional<BigDecimal> high = unknown.high();
    Optional<BigDecimal> start = unknown.start();
    if (low.isPresent() && high.isPresent() && low.get().compareTo(high.get()) > 0) {
      return expressions.broken(place, new ContradictoryBounds(place.text()));
    }
    if (start.isPresent()
        && (low.isPresent() && start.get().compareTo(low.get()) < 0
            || high.isPresent() && start.get().compareTo(high.get()) > 0)) {
      return expressions.broken(place, new StartOutside(start.get().toPlainString(), place.text()));
    }
    String name = unknown.name().orElse("?" + place.start());
    return new Value.OfWeight(
        new Weight.Unknown(
            name, low, high, start, place.source().name(), place.start(), place.end()),
        place);
  }

  Value map(Expression.WeightMap map) {
    Optional<List<Weight.Entry>> entries = entries(map);
    Optional<Weight> otherwise =
        map.otherwise().isPresent()
            ? weight(map.otherwise().get(), Optional.empty())
            : Optional.of(Weight.Constant.ZERO);
    if (entries.isEmpty() || otherwise.isEmpty()) {
      return new Value.Broken(map.span());
    }
    return new Value.OfWeight(new Weight.Selected(entries.get(), otherwise.get()), map.span());
  }

  Value with(Expression.With with) {
    Optional<Weight> base = weight(with.weight(), Optional.empty());
    Optional<List<Weight.Entry>> entries = entries(with.overrides());
    if (base.isEmpty() || entries.isEmpty()) {
      return new Value.Broken(with.span());
    }
    return new Value.OfWeight(new Weight.Overridden(base.get(), entries.get()), with.span());
  }

  private Optional<List<Weight.Entry>> entries(Expression.WeightMap map) {
    List<Weight.Entry> entries = new ArrayList<>();
    boolean broken = false;
    for (Expression.MapEntry entry : map.entries()) {
      List<Weight.Selector> selectors = new ArrayList<>();
      boolean others =
          !entry.selectors().isEmpty()
              && entry.selectors().getFirst().first().equals(Expression.MapEntry.NOT);
      for (Expression.Selector selector :
          entry.selectors().subList(others ? 1 : 0, entry.selectors().size())) {
        Optional<Weight.Selector> found = selector(selector);
        found.ifPresent(selectors::add);
        broken |= found.isEmpty();
      }
      List<Weight.Selector> meant = others ? OtherBlocks.of(selectors) : selectors;
      Optional<Weight> weight = weight(entry.weight(), Optional.empty());
      broken |= weight.isEmpty();
      weight.ifPresent(
          value -> entries.add(new Weight.Entry(meant, entry.elements(), entry.negated(), value)));
    }
    return broken ? Optional.empty() : Optional.of(entries);
  }

  private Optional<Weight.Selector> selector(Expression.Selector selector) {
    Optional<Block> first = Block.parse(selector.first());
    Optional<Block> last = selector.last().isPresent() ? Block.parse(selector.last().get()) : first;
    if (first.isPresent() && last.isPresent()) {
      if (first.get().compareTo(last.get()) <= 0) {
        return Optional.of(new Weight.Selector.Blocks(first.get(), last.get()));
      }
      String forwards = last.get() + "~" + first.get();
      findings.report(selector.span(), new BackwardsRange(selector.span().text(), forwards));
      return Optional.of(new Weight.Selector.Blocks(last.get(), first.get()));
    }
    if (selector.last().isEmpty()) {
      String word = selector.first().toUpperCase(Locale.ROOT);
      for (Weight.SubName name : Weight.SubName.values()) {
        if (name.name().equals(word)) {
          return Optional.of(new Weight.Selector.Named(name));
        }
      }
    }
    String wrong = first.isEmpty() ? selector.first() : selector.last().orElse(selector.first());
    findings.report(selector.span(), new UnknownBlock(wrong, similarBlocks(wrong)));
    return Optional.empty();
  }

  static List<String> similarBlocks(String wrong) {
    List<String> known = new ArrayList<>(List.of("BASE", "M00"));
    for (int number = 0; number < 12; number++) {
      known.add(Block.in(number).label());
      known.add(Block.out(number).label());
    }
    Arrays.stream(Weight.SubName.values()).map(Enum::name).forEach(known::add);
    String padded = wrong.replaceFirst("_?([0-9])$", "0$1");
    return known.contains(padded.toUpperCase(Locale.ROOT))
        ? List.of(padded.toUpperCase(Locale.ROOT))
        : Suggestions.closest(wrong, known, 3);
  }
}
