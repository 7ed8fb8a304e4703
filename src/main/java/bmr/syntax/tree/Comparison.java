package bmr.syntax.tree;

import java.math.BigDecimal;

/** How a value must stand to a limit. */
public enum Comparison {
  AT_LEAST(">="),
  ABOVE(">"),
  AT_MOST("<="),
  BELOW("<");

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  /** As it is written canonically. */
  public String sign() {
    return sign;
  }

  /** The comparison of a first character and, perhaps, an equals sign behind it. */
  public static Comparison of(String character, boolean equals) {
    return switch (character) {
      case "\u2265" -> AT_LEAST;
      case "\u2264" -> AT_MOST;
      case ">" -> equals ? AT_LEAST : ABOVE;
      default -> equals ? AT_MOST : BELOW;
    };
  }

  /** Whether it holds, exactly; it never does for what is no finite number. */
  public boolean holds(double value, BigDecimal limit) {
    if (!Double.isFinite(value)) {
      return false;
    }
    int order = new BigDecimal(value).compareTo(limit);
    return switch (this) {
      case AT_LEAST -> order >= 0;
      case ABOVE -> order > 0;
      case AT_MOST -> order <= 0;
      case BELOW -> order < 0;
    };
  }
}
