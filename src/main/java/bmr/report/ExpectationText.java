package bmr.report;

import bmr.recipe.Recipe.ExpectationRequest;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Values beside the limits that they are held against. */
public final class ExpectationText {
  private static final int DECIMALS = 2;

  private ExpectationText() {}

  /**
   * A value with two decimals behind a percentage, four behind a number; with more of them where it
   * would look like the other side of its limit.
   */
  public static String value(double value, ExpectationRequest request) {
    if (!Double.isFinite(value)) {
      return "not a number";
    }
    int shift = request.percentage() ? 2 : 0;
    BigDecimal exact = new BigDecimal(value).movePointRight(shift);
    BigDecimal limit = request.limit().movePointRight(shift);
    int side = exact.compareTo(limit);
    int decimals = request.percentage() ? DECIMALS : 2 * DECIMALS;
    BigDecimal shown = exact.setScale(decimals, RoundingMode.HALF_EVEN);
    while (shown.compareTo(limit) != side) {
      decimals++;
      shown = exact.setScale(decimals, RoundingMode.HALF_EVEN);
    }
    return shown.toPlainString() + (request.percentage() ? "%" : "");
  }
}
