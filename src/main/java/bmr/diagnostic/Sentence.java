package bmr.diagnostic;

import bmr.source.Display;

/** Breaks long messages at blanks; what stands in backquotes stays whole, so it can be pasted. */
final class Sentence {
  private static final String INDENT = "  ";

  private Sentence() {}

  /**
   * A text in lines.
   *
   * @param used cells of the first line that are taken already
   * @param width cells of a line; longer pieces without a place to break stand out
   */
  static String wrapped(String text, int used, int width) {
    var out = new StringBuilder();
    int column = used;
    boolean first = true;
    int start = 0;
    while (start < text.length()) {
      int end = pieceEnd(text, start);
      String piece = text.substring(start, end);
      int cells = Display.width(piece);
      if (!first && column + 1 + cells > width) {
        out.append('\n').append(INDENT);
        column = INDENT.length();
      } else if (!first) {
        out.append(' ');
        column++;
      }
      out.append(piece);
      column += cells;
      first = false;
      start = end + 1;
    }
    return out.toString();
  }

  /** The first blank outside of backquotes; one that nothing closes quotes nothing. */
  private static int pieceEnd(String text, int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) != ' ') {
      int close = text.charAt(i) == '`' ? text.indexOf('`', i + 1) : -1;
      i = close > 0 ? close + 1 : i + 1;
    }
    return i;
  }
}
