package bmr.interchange.export;

import bmr.model.Weight;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/** One exact number for each cell. */
record Shares(List<BigDecimal> values) {
  /** As weights are rounded where they have more digits. */
  private static final MathContext DIGITS = new MathContext(60);

  /** How far a published sum may be from 1. */
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");

  Shares {
    values = values.stream().map(value -> value.round(DIGITS).stripTrailingZeros()).toList();
  }

  static Shares all(int cells, BigDecimal value) {
    return new Shares(Collections.nCopies(cells, value));
  }

  static Shares of(Weight weight, List<Cell> cells) {
    return new Shares(cells.stream().map(cell -> weight.at(cell.site())).toList());
  }

  Shares plus(Shares other) {
    return with(other, BigDecimal::add);
  }

  Shares times(Shares other) {
    return with(other, BigDecimal::multiply);
  }

  private Shares with(Shares other, BinaryOperator<BigDecimal> operation) {
    return new Shares(
        IntStream.range(0, values.size())
            .mapToObj(i -> operation.apply(values.get(i), other.values.get(i)))
            .toList());
  }

  Shares negative() {
    return new Shares(values.stream().map(BigDecimal::negate).toList());
  }

  boolean isZero() {
    return values.stream().allMatch(value -> value.signum() == 0);
  }

  /** Whether it is 1 everywhere, up to rounding in the recipe. */
  boolean isOne() {
    return values.stream().allMatch(Shares::isOne);
  }

  static boolean isOne(BigDecimal value) {
    return value.subtract(BigDecimal.ONE).abs().compareTo(TOLERANCE) <= 0;
  }

  boolean isConstant() {
    return values.stream().distinct().count() <= 1;
  }

  /** The sign of what is not 0 first. */
  int sign() {
    return values.stream().mapToInt(BigDecimal::signum).filter(s -> s != 0).findFirst().orElse(0);
  }

  BigDecimal first() {
    return values.getFirst();
  }

  /** A number as other tools read it: no exponent, at most 15 significant digits. */
  static String text(BigDecimal value) {
    BigDecimal short15 = value.round(new MathContext(15)).stripTrailingZeros();
    return short15.signum() == 0 ? "0" : short15.toPlainString();
  }
}
