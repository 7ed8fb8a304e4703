package bmr.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers of a text with three digits where they have many: the last ones are rounding. */
final class ShortFigures {
  private static final Pattern LONG =
      Pattern.compile("-?\\d+\\.\\d{6,}(?:E-?\\d+)?|-?\\d\\.\\d+E-?\\d+");

  private ShortFigures() {}

  static String of(String text) {
    return LONG.matcher(text)
        .replaceAll(match -> String.format(Locale.ROOT, "%.3g", Double.parseDouble(match.group())));
  }
}
