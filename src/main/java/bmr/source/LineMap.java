package bmr.source;

import java.util.Arrays;

/**
 * Lines and columns of a text. Lines end with LF, CRLF or CR and are counted from 1; columns count
 * code points from 1, offsets UTF-16 code units from 0.
 */
public final class LineMap {
  /** A place as people and editors show it. */
  public record Position(int line, int column) {}

  private final String text;
  private final int[] starts;

  LineMap(String text) {
    this.text = text;
    int[] found = new int[64];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean crlf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || c == '\r' && !crlf) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count] = i + 1;
        count++;
      }
    }
    starts = Arrays.copyOf(found, count);
  }

  /** How many lines there are, at least one; a text that ends with a line end has an empty last. */
  public int count() {
    return starts.length;
  }

  /** The line that an offset lies in, counted from 1. */
  public int lineAt(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** Line and column of an offset. */
  public Position position(int offset) {
    int line = lineAt(offset);
    return new Position(line, text.codePointCount(starts[line - 1], offset) + 1);
  }

  /** Offset of the first code unit of a line. */
  public int start(int line) {
    return starts[line - 1];
  }

  /** Offset behind the last code unit of a line, its end-of-line characters not counted. */
  public int end(int line) {
    int end = line < starts.length ? starts[line] : text.length();
    while (end > starts[line - 1] && isLineEnd(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }
}
