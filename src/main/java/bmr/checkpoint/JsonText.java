package bmr.checkpoint;

/** Strings as JSON writes them. */
final class JsonText {
  private JsonText() {}

  /** Whether every surrogate is one of a pair: what UTF-8 can write. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean pair =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * Appends the text in quotes. Only what JSON demands is escaped.
   *
   * @throws IllegalArgumentException if a surrogate stands alone
   */
  static void appendQuoted(StringBuilder out, String text) {
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException("half of a surrogate pair");
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (unit < ' ') {
            out.append("\\u00").append(unit < 16 ? '0' : '1');
            out.append(Character.forDigit(unit & 15, 16));
          } else {
            out.append(unit);
          }
        }
      }
    }
    out.append('"');
  }
}
