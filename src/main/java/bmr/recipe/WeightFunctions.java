package bmr.recipe;

import bmr.diagnostic.WeightProblem.RandomNeedsLimits;
import bmr.diagnostic.WeightProblem.RandomWithoutSeed;
import bmr.diagnostic.WeightProblem.WrongWeightArguments;
import bmr.model.Weight;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.Argument;
import bmr.syntax.tree.Expression.Call;
import bmr.syntax.tree.Name;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Functions that make weights: {@code lerp(v, w, t)}, {@code random(low, high)}, and letters. */
final class WeightFunctions {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private static final int BLOCKS = 26;

  private final WeightBinder weights;
  private final Findings findings;
  private final RandomWeights random;

  WeightFunctions(WeightBinder weights, Findings findings, RandomWeights random) {
    this.weights = weights;
    this.findings = findings;
    this.random = random;
  }

  /** Whether a call is one of a function on weights, by its name and number of arguments. */
  static boolean isCall(Call call) {
    return !call.name().quoted()
        && switch (call.name().text()) {
          case "lerp" -> call.arguments().size() <= 4;
          case "random" -> call.arguments().size() <= 3;
          default -> false;
        };
  }

  Value bind(Call call) {
    return call.name().text().equals("lerp") ? lerp(call) : between(call);
  }

  /** {@code (1 - t) v + t w}. */
  private Value lerp(Call call) {
    List<Weight> given = arguments(call, 3, "lerp(GRAD_V, GRAD_A, 0.3)");
    if (given.isEmpty()) {
      return new Value.Broken(call.span());
    }
    Weight share = given.get(2);
    Weight rest = Weight.minus(Weight.Constant.ONE, share);
    return new Value.OfWeight(
        Weight.plus(
            List.of(
                Weight.times(List.of(rest, given.get(0))),
                Weight.times(List.of(share, given.get(1))))),
        call.span());
  }

  private Value between(Call call) {
    List<Weight> given = arguments(call, 2, "random(0, 1)");
    if (given.isEmpty()) {
      return new Value.Broken(call.span());
    }
    Optional<BigDecimal> drawn = random.draw(random.nextGroup(weights.parameter()), 0);
    if (drawn.isEmpty()) {
      findings.report(call.span(), new RandomWithoutSeed(ExpressionBinder.shortened(call.span())));
      return new Value.Broken(call.span());
    }
    Weight range = Weight.minus(given.get(1), given.get(0));
    Weight share = new Weight.Constant(drawn.get());
    return new Value.OfWeight(
        Weight.plus(List.of(given.get(0), Weight.times(List.of(share, range)))), call.span());
  }

  private List<Weight> arguments(Call call, int count, String form) {
    if (call.arguments().size() != count
        || call.arguments().stream().anyMatch(argument -> argument.name().isPresent())) {
      findings.report(call.span(), new WrongWeightArguments(call.name().text(), form));
      return List.of();
    }
    List<Weight> given = new ArrayList<>();
    for (Argument argument : call.arguments()) {
      weights.weight(argument.value(), Optional.empty()).ifPresent(given::add);
    }
    return given.size() == count ? given : List.of();
  }

  /** Whether an entry of a list is one of SuperMerger's letters for a random number. */
  static boolean isLetter(Expression entry) {
    return entry instanceof Expression.Word(Name name)
        && !name.quoted()
        && (name.text().equals("R") || name.text().equals("U") || name.text().equals("X"));
  }

  /**
   * The list that SuperMerger's presets of random weights stand for: {@code ALL_R}, {@code ALL_U}
   * and {@code ALL_X} are one letter 26 times.
   */
  static Optional<Expression.Values> preset(Name name) {
    String text = name.text();
    if (name.quoted() || !(text.equals("ALL_R") || text.equals("ALL_U") || text.equals("ALL_X"))) {
      return Optional.empty();
    }
    var letter = new Expression.Word(new Name(text.substring(4), false, name.span()));
    return Optional.of(new Expression.Values(Collections.nCopies(BLOCKS, letter), name.span()));
  }

  /**
   * A letter in a list: R is between 0 and 1, U between -0.5 and 1.5.
   *
   * @param group which list of the definition it is
   * @param index of the entry
   */
  Optional<Weight> letter(Expression entry, int group, int index) {
    String letter = entry instanceof Expression.Word(Name name) ? name.text() : "";
    if (letter.equals("X")) {
      findings.report(entry.span(), new RandomNeedsLimits());
      return Optional.empty();
    }
    Optional<BigDecimal> drawn = random.draw(group, index);
    if (drawn.isEmpty()) {
      findings.report(entry.span(), new RandomWithoutSeed(entry.span().text()));
      return Optional.empty();
    }
    BigDecimal value = drawn.get();
    return Optional.of(
        new Weight.Constant(
            letter.equals("R") ? value : value.add(value).subtract(HALF).stripTrailingZeros()));
  }
}
