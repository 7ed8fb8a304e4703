package bmr.model;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A pattern of keys: {@code *} stands for any characters or none, {@code #} for a whole number of
 * at most four digits. Matched from left to right, each piece as early as it can be, in time
 * proportional to the lengths of key and pattern multiplied.
 */
final class KeyGlob {
  /** Longer patterns are no names. */
  static final int LONGEST = 200;

  private static final int MOST_DIGITS = 4;
  private static final int NO_MATCH = -1;

  private final String text;
  private final List<String> pieces;

  KeyGlob(String text) {
    this.text = text;
    this.pieces = List.copyOf(new ArrayList<>(List.of(text.split("\\*", -1))));
  }

  /** Whether only one key can match. */
  boolean isKey() {
    return pieces.size() == 1 && text.indexOf('#') < 0;
  }

  boolean matches(String key) {
    return match(key, new int[] {NO_MATCH});
  }

  /** The first {@code #} of a key that matches. */
  OptionalInt number(String key) {
    int[] number = {NO_MATCH};
    boolean matches = match(key, number);
    return matches && number[0] >= 0 ? OptionalInt.of(number[0]) : OptionalInt.empty();
  }

  private boolean match(String key, int[] number) {
    String first = pieces.getFirst();
    int at = piece(key, 0, first, number);
    if (at == NO_MATCH || pieces.size() == 1) {
      return at == key.length();
    }
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      at = find(key, at, piece, number, false);
      if (at == NO_MATCH) {
        return false;
      }
    }
    String last = pieces.getLast();
    return last.isEmpty() || find(key, at, last, number, true) == key.length();
  }

  /** Where the piece ends at its earliest place from a position on, or {@link #NO_MATCH}. */
  private static int find(String key, int from, String piece, int[] number, boolean atEnd) {
    for (int start = from; start <= key.length(); start++) {
      int[] trial = number.clone();
      int end = piece(key, start, piece, trial);
      if (end != NO_MATCH && (!atEnd || end == key.length())) {
        number[0] = trial[0];
        return end;
      }
    }
    return NO_MATCH;
  }

  private static int piece(String key, int start, String piece, int[] number) {
    int at = start;
    for (int i = 0; i < piece.length(); i++) {
      if (piece.charAt(i) == '#') {
        int end = digits(key, at);
        if (end == at || end - at > MOST_DIGITS || at > 0 && isDigit(key.charAt(at - 1))) {
          return NO_MATCH;
        }
        if (number[0] == NO_MATCH) {
          number[0] = Integer.parseInt(key, at, end, 10);
        }
        at = end;
      } else if (at < key.length() && key.charAt(at) == piece.charAt(i)) {
        at++;
      } else {
        return NO_MATCH;
      }
    }
    return at;
  }

  private static int digits(String key, int start) {
    int end = start;
    while (end < key.length() && isDigit(key.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  @Override
  public String toString() {
    return text;
  }
}
