package bmr.source;

/**
 * How text looks on a terminal: how many cells it takes, and a form of it that cannot move the
 * cursor or turn the writing direction.
 */
public final class Display {
  private static final String TAB = "    ";
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private Display() {}

  /** Tabs as four blanks; control characters and writing direction marks as U+FFFD. */
  public static String shown(String text) {
    StringBuilder changed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean hidden = c != '\t' && isUnsafe(c);
      if (changed == null && (c == '\t' || hidden)) {
        changed = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (changed != null) {
        if (c == '\t') {
          changed.append(TAB);
        } else {
          changed.append(hidden ? '\uFFFD' : c);
        }
      }
    }
    return changed == null ? text : changed.toString();
  }

  private static boolean isUnsafe(char c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || c >= 0x202A && c <= 0x202E
        || c >= 0x2066 && c <= 0x2069;
  }

  /** How many cells a text takes, as {@link #shown} gives it. */
  public static int width(String text) {
    int width = 0;
    boolean joined = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      width += joined ? 0 : width(c);
      joined = c == ZERO_WIDTH_JOINER;
      i += Character.charCount(c);
    }
    return width;
  }

  /** How many cells a code point takes: 0, 1 or 2; a tab 4. */
  public static int width(int codePoint) {
    if (codePoint == '\t') {
      return TAB.length();
    }
    if (codePoint < 0x300) {
      return 1;
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      case Character.FORMAT -> codePoint <= 0xFFFF && isUnsafe((char) codePoint) ? 1 : 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  /** East Asian Wide and Fullwidth, and emoji (Unicode Standard Annex 11), in coarse ranges. */
  private static boolean isWide(int c) {
    return c >= 0x1100 && c <= 0x115F
        || c >= 0x2E80 && c <= 0x303E
        || c >= 0x3041 && c <= 0x33FF
        || c >= 0x3400 && c <= 0x4DBF
        || c >= 0x4E00 && c <= 0x9FFF
        || c >= 0xA000 && c <= 0xA4CF
        || c >= 0xA960 && c <= 0xA97F
        || c >= 0xAC00 && c <= 0xD7A3
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0xFE30 && c <= 0xFE6F
        || c >= 0xFF00 && c <= 0xFF60
        || c >= 0xFFE0 && c <= 0xFFE6
        || Character.isEmojiPresentation(c)
        || c >= 0x20000 && c <= 0x3FFFD;
  }
}
