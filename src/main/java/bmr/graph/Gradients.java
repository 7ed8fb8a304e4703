package bmr.graph;

import bmr.model.Weight;
import bmr.model.Weight.Site;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Numbers with derivatives at one point. A coefficient that depends on an unknown is never zero nor
 * a difference, whatever its value there.
 */
final class Gradients implements Coefficients<Gradient> {
  private static final double TOLERANCE = 1e-6;

  private final Map<String, Integer> unknowns;
  private final double[] point;

  /**
   * Arithmetic at a point.
   *
   * @param unknowns the index of each in the point
   */
  Gradients(Map<String, Integer> unknowns, double[] point) {
    this.unknowns = unknowns;
    this.point = point;
  }

  private Gradient constant(double value) {
    return new Gradient(value, new double[point.length]);
  }

  @Override
  public Gradient zero() {
    return constant(0);
  }

  @Override
  public Gradient one() {
    return constant(1);
  }

  @Override
  public Gradient weight(Weight weight, Site site) {
    return switch (weight) {
      case Weight.Constant(BigDecimal value) -> constant(value.doubleValue());
      case Weight.Preset preset -> constant(preset.at(site).doubleValue());
      case Weight.Unknown unknown -> {
        Integer index = unknowns.get(unknown.name());
        if (index == null) {
          throw new IllegalArgumentException(unknown.name());
        }
        var derivatives = new double[point.length];
        derivatives[index] = 1;
        yield new Gradient(point[index], derivatives);
      }
      case Weight.PerBlock _, Weight.Selected _, Weight.Overridden _ ->
          weight(weight.chosen(site), site);
      case Weight.Plus plus -> {
        Gradient sum = zero();
        for (Weight summand : plus.summands()) {
          sum = add(sum, weight(summand, site));
        }
        yield sum;
      }
      case Weight.Times times -> {
        Gradient product = one();
        for (Weight factor : times.factors()) {
          product = multiply(product, weight(factor, site));
        }
        yield product;
      }
      case Weight.Quotient quotient ->
          divide(weight(quotient.dividend(), site), weight(quotient.divisor(), site));
    };
  }

  @Override
  public Gradient add(Gradient left, Gradient right) {
    return left.combined(left.value() + right.value(), 1, right, 1);
  }

  @Override
  public Gradient multiply(Gradient left, Gradient right) {
    return left.combined(left.value() * right.value(), right.value(), right, left.value());
  }

  @Override
  public Gradient divide(Gradient dividend, Gradient divisor) {
    double quotient = dividend.value() / divisor.value();
    return dividend.combined(quotient, 1 / divisor.value(), divisor, -quotient / divisor.value());
  }

  @Override
  public boolean isZero(Gradient value) {
    return value.value() == 0 && value.isConstant();
  }

  @Override
  public boolean isDifference(Gradient sum) {
    return Math.abs(sum.value()) <= TOLERANCE && nearlyConstant(sum);
  }

  /** Sums such as {@code (1 - a) + a - 1}: their derivatives are rounding, if anything. */
  private static boolean nearlyConstant(Gradient sum) {
    for (int i = 0; i < sum.unknowns(); i++) {
      if (Math.abs(sum.by(i)) > TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  @Override
  public BigDecimal decimal(Gradient value) {
    return new BigDecimal(value.value());
  }
}
