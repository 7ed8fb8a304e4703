package bmr.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** The decimal numbers that weights are written as: multiples of a unit. */
final class WeightGrid {
  /** The unit of weights that nobody wants rounded. */
  private static final BigDecimal FINE = new BigDecimal("1e-7");

  private final BigDecimal unit;

  /**
   * A grid.
   *
   * @param unit above 0
   */
  WeightGrid(Optional<BigDecimal> unit) {
    this.unit = unit.orElse(FINE);
  }

  /**
   * The multiple of the unit that is nearest to a value and within bounds; where there is none, the
   * value itself, moved to the nearer bound if it is outside.
   *
   * @param low may be -∞
   * @param high may be ∞
   */
  BigDecimal nearest(double value, double low, double high) {
    BigDecimal multiple = multiple(new BigDecimal(value), RoundingMode.HALF_EVEN);
    if (multiple.doubleValue() < low) {
      multiple = multiple(decimal(low), RoundingMode.CEILING);
    } else if (multiple.doubleValue() > high) {
      multiple = multiple(decimal(high), RoundingMode.FLOOR);
    }
    double number = multiple.doubleValue();
    BigDecimal found =
        low <= number && number <= high ? multiple : decimal(Math.clamp(value, low, high));
    return found.signum() == 0 ? BigDecimal.ZERO : found.stripTrailingZeros();
  }

  private BigDecimal multiple(BigDecimal value, RoundingMode rounding) {
    return value.divide(unit, 0, rounding).multiply(unit);
  }

  /** The shortest decimal that a number stands for: a bound as it was written. */
  static BigDecimal decimal(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }
}
