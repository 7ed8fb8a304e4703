package bmr.report;

import org.jline.utils.WCWidth;

/** Columns that a text takes on a terminal. */
final class TextWidth {
  private TextWidth() {}

  /** Wide characters count twice, combining ones not at all; escape sequences are not expected. */
  static int of(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x300) {
        width++;
        continue;
      }
      int codePoint = text.codePointAt(i);
      width += Math.max(0, WCWidth.wcwidth(codePoint));
      i += Character.charCount(codePoint) - 1;
    }
    return width;
  }
}
