package bmr.report;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them; the same in every locale. */
public final class Quantities {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Quantities() {}

  /** Bytes with three significant digits in decimal units: {@code 2.13 GB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : threeDigits(value) + " " + UNITS[unit];
  }

  private static String threeDigits(double value) {
    // the limits are where rounding would add a digit
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A count with thousands apart: {@code 1,066,235,307}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count and its noun: {@code 1 tensor}, {@code 686 tensors}. */
  public static String count(long count, String noun) {
    return count(count) + " " + (count == 1 ? noun : noun + "s");
  }

  /** A similarity as recipes publish it: {@code 98.5187%}. */
  public static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.4f%%", fraction * 100);
  }

  /** A small ratio: {@code 0.0123}. */
  public static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.4f", ratio);
  }

  /** Time from parts of a second to hours: {@code 0.42 s}, {@code 12.3 s}, {@code 4 min 05 s}. */
  public static String time(Duration time) {
    double seconds = time.toNanos() / 1e9;
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, seconds < 9.995 ? "%.2f s" : "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }
}
