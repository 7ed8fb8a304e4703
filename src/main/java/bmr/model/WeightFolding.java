package bmr.model;

import bmr.model.Weight.Constant;
import bmr.model.Weight.Plus;
import bmr.model.Weight.Quotient;
import bmr.model.Weight.Times;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic on weights that are not evaluated yet: numbers meet, everything else waits. */
final class WeightFolding {
  private WeightFolding() {}

  static Weight plus(List<Weight> summands) {
    BigDecimal sum = BigDecimal.ZERO;
    var rest = new ArrayList<Weight>();
    for (Weight summand : summands) {
      if (summand instanceof Constant constant) {
        sum = sum.add(constant.value(), WeightEvaluation.DIGITS);
      } else {
        rest.add(summand);
      }
    }
    if (rest.isEmpty()) {
      return new Constant(sum);
    }
    if (sum.signum() != 0) {
      rest.addFirst(new Constant(sum));
    }
    return rest.size() == 1 ? rest.getFirst() : new Plus(rest);
  }

  static Weight times(List<Weight> factors) {
    BigDecimal product = BigDecimal.ONE;
    var rest = new ArrayList<Weight>();
    for (Weight factor : factors) {
      if (factor instanceof Constant constant) {
        product = product.multiply(constant.value(), WeightEvaluation.DIGITS);
      } else {
        rest.add(factor);
      }
    }
    if (rest.isEmpty()) {
      return new Constant(product);
    }
    // a factor of 0 does not drop the others: whether they fit is still to be checked
    if (product.compareTo(BigDecimal.ONE) != 0) {
      rest.addFirst(new Constant(product));
    }
    return rest.size() == 1 ? rest.getFirst() : new Times(rest);
  }

  static Weight quotient(Weight dividend, Weight divisor) {
    if (dividend instanceof Constant above
        && divisor instanceof Constant below
        && below.value().signum() != 0) {
      return new Constant(above.value().divide(below.value(), WeightEvaluation.DIGITS));
    }
    return new Quotient(dividend, divisor);
  }
}
