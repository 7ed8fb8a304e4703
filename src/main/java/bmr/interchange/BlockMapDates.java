package bmr.interchange;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which block map SuperMerger had at a date: {@code time_embed} moved twice. */
final class BlockMapDates {
  private static final LocalDate LEARNED_SDXL = LocalDate.of(2023, 7, 21);
  private static final LocalDate MOVED_BACK = LocalDate.of(2025, 11, 27);
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final Pattern NUMERIC =
      Pattern.compile("(?<![\\d.])(20\\d\\d)[-/.](\\d{1,2})[-/.](\\d{1,2})(?![\\d.])");
  private static final Pattern WORDS =
      Pattern.compile(
          "(?i)\\b(?:(\\d{1,2})(?:st|nd|rd|th)? )?"
              + "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?"
              + "(?: (\\d{1,2})(?:st|nd|rd|th)?,?)?,? (20\\d\\d)\\b");

  private BlockMapDates() {}

  /** The name of a block map, as a script writes it. */
  static String profile(LocalDate date) {
    return date.isBefore(LEARNED_SDXL)
        ? "supermerger-2023-06"
        : date.isBefore(MOVED_BACK) ? "supermerger-2023-07" : "supermerger-2025-11";
  }

  /** The first date in a line; of a month alone its first day. */
  static Optional<LocalDate> in(String line) {
    Matcher numeric = NUMERIC.matcher(line);
    if (numeric.find()) {
      return date(numeric.group(1), numeric.group(2), numeric.group(3));
    }
    Matcher words = WORDS.matcher(line);
    if (words.find()) {
      int month = MONTHS.indexOf(words.group(2).toLowerCase(Locale.ROOT)) / 3 + 1;
      String day = words.group(1) != null ? words.group(1) : words.group(3);
      return date(words.group(4), String.valueOf(month), day == null ? "1" : day);
    }
    return Optional.empty();
  }

  private static Optional<LocalDate> date(String year, String month, String day) {
    int m = Integer.parseInt(month);
    int d = Integer.parseInt(day);
    return m < 1
            || m > 12
            || d < 1
            || d > 28 && d > LocalDate.of(Integer.parseInt(year), m, 1).lengthOfMonth()
        ? Optional.empty()
        : Optional.of(LocalDate.of(Integer.parseInt(year), m, d));
  }
}
