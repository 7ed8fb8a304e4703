package bmr.diagnostic;

import java.util.Locale;

/** Numbers of bytes as people read them. */
public final class ByteSize {
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

  private ByteSize() {}

  /** Decimal units and three digits: {@code 2.13 GB}, {@code 12 kB}, {@code 1 byte}. */
  public static String text(long bytes) {
    if (bytes == 1) {
      return "1 byte";
    }
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= 999.5) {
      value /= 1000;
      unit++;
    }
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    String digits = String.format(Locale.ROOT, "%." + decimals + "f", value);
    if (decimals > 0) {
      digits = digits.replaceFirst("\\.?0+$", "");
    }
    return digits + " " + UNITS[unit];
  }
}
