package bmr.interchange;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers and lists of numbers as publications write them, kept digit by digit. */
final class Decimals {
  /** Quotients are rounded to this many digits. */
  static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);

  private static final int LONGEST = 80;
  private static final int MOST_VALUES = 120;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?");

  private Decimals() {}

  /** A decimal number or percentage. Forms: {@code 1}, {@code 1.}, {@code .5}, {@code 30 %}. */
  static Optional<BigDecimal> number(String text) {
    String digits = text.strip().replace('\u2212', '-');
    boolean percent = digits.endsWith("%");
    if (percent) {
      digits = digits.substring(0, digits.length() - 1).strip();
    }
    if (digits.length() > LONGEST || !NUMBER.matcher(digits).matches()) {
      return Optional.empty();
    }
    BigDecimal value = new BigDecimal(digits);
    return Optional.of(percent ? value.movePointLeft(2).stripTrailingZeros() : value);
  }

  /** At least two numbers with commas, semicolons or blanks between them, perhaps in brackets. */
  static Optional<List<BigDecimal>> list(String text) {
    String inside = text.strip();
    if (inside.length() > LONGEST * MOST_VALUES) {
      return Optional.empty();
    }
    inside = inside.replaceAll("^[(\\[{\"']+|[)\\]}\"']+$", "").strip();
    String[] parts =
        inside.indexOf(',') >= 0
            ? inside.replaceAll(",\\s*$", "").split(",", -1)
            : inside.indexOf(';') >= 0 ? inside.split(";", -1) : inside.split("\\s+", -1);
    if (parts.length < 2 || parts.length > MOST_VALUES) {
      return Optional.empty();
    }
    List<BigDecimal> values = new ArrayList<>();
    for (String part : parts) {
      Optional<BigDecimal> value = number(part);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(values);
  }

  /** Whether a list of this length names every block, BASE included. */
  static boolean isWhole(int length) {
    return length == 26 || length == 20;
  }

  /** Whether a list of this length names every block but BASE. */
  static boolean lacksBase(int length) {
    return length == 25 || length == 19;
  }

  /** Whether the number has more digits than a person types: the trace of binary arithmetic. */
  static boolean isNoise(BigDecimal value) {
    return value.stripTrailingZeros().scale() >= 15;
  }
}
