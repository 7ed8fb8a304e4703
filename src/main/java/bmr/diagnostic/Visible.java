package bmr.diagnostic;

/** Text of files that may be hostile, made safe for a terminal. */
public final class Visible {
  private static final int LONGEST = 160;

  private Visible() {}

  /**
   * The text with control characters, bidirectional overrides and other invisible characters
   * written as {@code \\u202e}, cut to a length that fits a message.
   */
  public static String text(String text) {
    var out = new StringBuilder();
    int at = 0;
    while (at < text.length() && out.length() < LONGEST) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      switch (Character.getType(point)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.UNASSIGNED ->
            out.append(String.format("\\u%04x", point));
        default -> out.appendCodePoint(point);
      }
    }
    if (at < text.length()) {
      out.append("...");
    }
    return out.toString();
  }

  /** The same in backquotes. */
  static String quoted(Object thing) {
    return "`" + text(thing.toString()) + "`";
  }
}
