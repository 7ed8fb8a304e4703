package bmr.recipe;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as {@code save ... shards 5GB} writes them; units are powers of 1000. */
final class ShardSize {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)([KMGT]?B)?");
  private static final Map<String, Integer> ZEROS =
      Map.of("B", 0, "KB", 3, "MB", 6, "GB", 9, "TB", 12);

  private ShardSize() {}

  /** Whole bytes, at least 1; empty for anything else. */
  static OptionalLong bytes(String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    BigDecimal bytes = new BigDecimal(matcher.group(1)).movePointRight(ZEROS.getOrDefault(unit, 0));
    boolean fits = bytes.signum() > 0 && bytes.compareTo(BigDecimal.valueOf(1L << 62)) < 0;
    return fits && bytes.stripTrailingZeros().scale() <= 0
        ? OptionalLong.of(bytes.longValueExact())
        : OptionalLong.empty();
  }
}
