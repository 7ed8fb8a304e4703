package bmr.report.svg;

/**
 * How wide text of a sans-serif font is, about: pictures are laid out without asking a font, so
 * that they are the same on every machine.
 */
final class TextWidth {
  private TextWidth() {}

  /** Width in pixels of text in a size in pixels; an upper estimate for common fonts. */
  static double of(String text, double size) {
    return text.codePoints().mapToDouble(TextWidth::share).sum() * size;
  }

  private static double share(int c) {
    if (c >= 0x1100 && bmr.source.Display.width(Character.toString(c)) > 1) {
      return 1.05;
    }
    if ("iljtfI.,:;!'|()[] ".indexOf(c) >= 0) {
      return 0.34;
    }
    if (c == 'm' || c == 'w' || c == 'M' || c == 'W' || c == '%') {
      return 0.9;
    }
    return Character.isUpperCase(c) || c == '_' ? 0.72 : 0.62;
  }

  /** The beginning of a text that fits, with an ellipsis where it was cut. */
  static String cut(String text, double size, double room) {
    if (of(text, size) <= room) {
      return text;
    }
    int[] points = text.codePoints().toArray();
    int count = points.length;
    while (count > 0 && of(new String(points, 0, count) + "…", size) > room) {
      count--;
    }
    return new String(points, 0, count) + "…";
  }
}
