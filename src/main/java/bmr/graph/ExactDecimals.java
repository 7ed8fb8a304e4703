package bmr.graph;

import bmr.model.Weight;
import bmr.model.Weight.Site;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Exact decimals: {@code 1 - 0.7 - 0.3} is 0, where doubles would leave 5e-17 and a file to read
 * for nothing. Rounded only beyond 60 digits, which long chains of products reach.
 */
public final class ExactDecimals implements Coefficients<BigDecimal> {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");

  @Override
  public BigDecimal zero() {
    return BigDecimal.ZERO;
  }

  @Override
  public BigDecimal one() {
    return BigDecimal.ONE;
  }

  @Override
  public BigDecimal weight(Weight weight, Site site) {
    return weight.at(site);
  }

  @Override
  public BigDecimal add(BigDecimal left, BigDecimal right) {
    return bounded(left.add(right));
  }

  @Override
  public BigDecimal multiply(BigDecimal left, BigDecimal right) {
    return bounded(left.multiply(right));
  }

  @Override
  public BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    return bounded(dividend.divide(divisor, DIGITS));
  }

  @Override
  public BigDecimal plain(BigDecimal value) {
    if (value.compareTo(BigDecimal.ONE) == 0) {
      return BigDecimal.ONE;
    }
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  private static BigDecimal bounded(BigDecimal value) {
    return value.precision() > DIGITS.getPrecision() ? value.round(DIGITS) : value;
  }

  @Override
  public boolean isZero(BigDecimal value) {
    return value.signum() == 0;
  }

  @Override
  public boolean isDifference(BigDecimal sum) {
    return sum.abs().compareTo(TOLERANCE) <= 0;
  }

  @Override
  public BigDecimal decimal(BigDecimal value) {
    return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }
}
