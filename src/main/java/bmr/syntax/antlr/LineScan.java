package bmr.syntax.antlr;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;

/**
 * Looks at characters ahead of the lexer, to decide where a statement ends and whether a word
 * begins one. Never moves the stream; positions count code points.
 */
final class LineScan {
  private static final int TAB = 4;

  private final CharStream input;

  LineScan(CharStream input) {
    this.input = input;
  }

  /** The code point at a position, or EOF outside the text. */
  private int at(int position) {
    int offset = position - input.index();
    return input.LA(offset >= 0 ? offset + 1 : offset);
  }

  /** White space inside a line. */
  static boolean isBlank(int c) {
    return switch (c) {
      case ' ', '\t', 0x0B, 0x0C, 0x85, 0x2028, 0x2029, 0x200B, 0xFEFF -> true;
      default -> Character.getType(c < 0 ? 0 : c) == Character.SPACE_SEPARATOR;
    };
  }

  private static boolean isNewline(int c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isLetter(int c) {
    if (c < 0) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          true;
      default -> c == '_' || Character.isLetter(c);
    };
  }

  /** The first character that is no blank, no comment and no end of line. */
  int nextVisible(int from) {
    int position = from;
    while (true) {
      int c = at(position);
      if (isNewline(c) || isBlank(c)) {
        position++;
      } else if (isComment(position)) {
        while (at(position) != IntStream.EOF && !isNewline(at(position))) {
          position++;
        }
      } else {
        return position;
      }
    }
  }

  private boolean isComment(int position) {
    return at(position) == '#' || at(position) == '/' && at(position + 1) == '/';
  }

  /** The column of a position in its line: blanks before it, a tab up to the next multiple of 4. */
  int columnOf(int position) {
    int start = position;
    while (start > 0 && !isNewline(at(start - 1))) {
      start--;
    }
    int column = 0;
    for (int i = start; i < position; i++) {
      int c = at(i);
      if (c == '\t') {
        column += TAB - column % TAB;
      } else if (c != 0x200B && c != 0xFEFF) {
        column++;
      }
    }
    return column;
  }

  boolean isEnd(int position) {
    return at(position) == IntStream.EOF;
  }

  private int skipBlanks(int from) {
    int position = from;
    while (isBlank(at(position))) {
      position++;
    }
    return position;
  }

  /** Whether {@code =} or an arrow stands next in the line. */
  boolean isBinderNext(int from) {
    int position = skipBlanks(from);
    return isBinder(position);
  }

  private boolean isBinder(int position) {
    return switch (at(position)) {
      case '=', 0x2192, 0x21D2 -> true;
      case '-' -> at(position + 1) == '>';
      default -> false;
    };
  }

  /** Whether a name and {@code =} or {@code :} begin here, perhaps behind a bullet. */
  boolean isBinding(int from) {
    int position = from;
    if (isBulletSign(position) && isBlank(at(position + 1))) {
      position = skipBlanks(position + 1);
    }
    int end = position;
    if (at(position) == '"') {
      end++;
      while (at(end) != IntStream.EOF && !isNewline(at(end)) && at(end) != '"') {
        end++;
      }
      end++;
    } else {
      while (isLetter(at(end)) || (at(end) == '.' || at(end) == '-') && end > position) {
        end++;
      }
    }
    if (end == position) {
      return false;
    }
    int behind = skipBlanks(end);
    return at(behind) == ':' || at(behind) == '=' && at(behind + 1) != '>';
  }

  /**
   * Whether an entry of a map begins here. With two colons before any comma or bracket, {@code
   * OUT03-OUT06:attn1:0.5}, it can be nothing else; with one, or with {@code else}, it must be
   * indented.
   */
  boolean isMapEntry(int from, boolean deeper) {
    int colons = 0;
    int end = from;
    while (colons < 2 && (at(end) == ':' || isEntryPart(at(end)))) {
      colons += at(end) == ':' ? 1 : 0;
      end++;
    }
    return colons == 2 || deeper && (colons == 1 || isElse(from));
  }

  private boolean isElse(int from) {
    return at(from) == 'e'
        && at(from + 1) == 'l'
        && at(from + 2) == 's'
        && at(from + 3) == 'e'
        && (isBlank(at(from + 4)) || at(from + 4) == ':');
  }

  private static boolean isEntryPart(int c) {
    return switch (c) {
      case '.', '-', '~', '"', 0x2212, 0x2013 -> true;
      default -> isLetter(c) || isBlank(c);
    };
  }

  private boolean isBulletSign(int position) {
    return at(position) == '-' || at(position) == '*';
  }

  boolean isBullet(int position) {
    return switch (at(position)) {
      case 0x2022, 0x25E6, 0x25AA -> true;
      default -> false;
    };
  }

  boolean isCloserOrComma(int position) {
    return switch (at(position)) {
      case ')', ']', '}', ',' -> true;
      default -> false;
    };
  }

  /** Whether what begins here can only go on with a statement: an operator, `=`, a closer. */
  boolean isContinuation(int position) {
    return switch (at(position)) {
      case '+', '/', '@', '|', '=', 0x00D7, 0x00B7, 0x22C5, 0x2212, 0x2013, 0x2192, 0x21D2 -> true;
      case '-', '*' -> !isBinding(position);
      default -> isCloserOrComma(position) || isOperatorWord(position);
    };
  }

  private boolean isOperatorWord(int position) {
    int end = position;
    var word = new StringBuilder();
    while (isLetter(at(end)) && end - position < 8) {
      word.appendCodePoint(at(end));
      end++;
    }
    return !isLetter(at(end))
        && Keyword.at(Keyword.Position.OPERATOR, word.toString()).isPresent()
        && !isBinding(position)
        && !isBinderNext(end);
  }
}
