package bmr.diagnostic;

import bmr.source.Display;

/**
 * A line as an excerpt shows it, and where the marks stand below it.
 *
 * @param text what is shown, long lines cut around the marked part
 * @param column cells before the first mark
 * @param width number of marks, at least one
 */
record LineCut(String text, int column, int width) {
  private static final String ELLIPSIS = "…";

  /** Three parts of a line, the middle one marked, in a number of cells. */
  static LineCut around(String before, String marked, String after, int cells) {
    String left = Display.shown(before);
    String middle = Display.shown(marked);
    String right = Display.shown(after);
    int room = cells - Display.width(left) - Display.width(middle) - Display.width(right);
    if (room < 0) {
      middle = head(middle, cells - 2);
      int free = cells - Display.width(middle);
      int wanted = Display.width(left);
      int behind = Math.min(Display.width(right), Math.max(free - wanted, free / 2));
      left = tail(left, free - behind);
      right = head(right, cells - Display.width(left) - Display.width(middle));
    }
    return new LineCut(
        (left + middle + right).stripTrailing(),
        Display.width(left),
        Math.max(1, Display.width(middle)));
  }

  /** The beginning of a text in a number of cells. */
  private static String head(String text, int cells) {
    if (Display.width(text) <= cells) {
      return text;
    }
    int width = 1;
    int end = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      width += Display.width(c);
      if (width > cells) {
        break;
      }
      end += Character.charCount(c);
    }
    return cells < 1 ? "" : text.substring(0, end) + ELLIPSIS;
  }

  /** The end of a text in a number of cells. */
  private static String tail(String text, int cells) {
    if (Display.width(text) <= cells) {
      return text;
    }
    int width = 1;
    int start = text.length();
    while (start > 0) {
      int c = text.codePointBefore(start);
      width += Display.width(c);
      if (width > cells) {
        break;
      }
      start -= Character.charCount(c);
    }
    return cells < 1 ? "" : ELLIPSIS + text.substring(start);
  }
}
