package bmr.report;

/** Horizontal bars of text. */
public final class Bar {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  private Bar() {}

  /**
   * A bar in steps of an eighth of a column.
   *
   * @param fraction of the width, cut to 0..1
   * @param width columns of the whole
   */
  public static String of(double fraction, int width) {
    double part = Double.isNaN(fraction) ? 0 : Math.clamp(fraction, 0, 1);
    long eighths = Math.round(part * width * 8);
    int rest = (int) (eighths % 8);
    String full = "█".repeat((int) (eighths / 8));
    return rest == 0 ? full : full + EIGHTHS.charAt(rest);
  }
}
