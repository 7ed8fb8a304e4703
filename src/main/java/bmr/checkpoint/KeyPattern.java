package bmr.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Beginnings of keys that numbers tell apart. {@code down_blocks.{i=0..2}.} declares a number;
 * {@code input_blocks.{3i+1}.} counts with it.
 */
final class KeyPattern {
  private static final Pattern HOLE = Pattern.compile("\\{([^}]*)\\}");
  private static final Pattern RANGE = Pattern.compile("([a-z])=([0-9]+)\\.\\.([0-9]+)");
  private static final Pattern TERM = Pattern.compile("([+-]?)([0-9]*)([a-z]?)");

  private KeyPattern() {}

  /** Every choice of the numbers that a pattern declares; the first varies slowest. */
  static List<Map<Character, Integer>> choices(String pattern) {
    List<Map<Character, Integer>> choices = List.of(Map.of());
    Matcher hole = HOLE.matcher(pattern);
    while (hole.find()) {
      Matcher range = RANGE.matcher(hole.group(1));
      if (range.matches()) {
        var more = new ArrayList<Map<Character, Integer>>();
        for (Map<Character, Integer> choice : choices) {
          int last = Integer.parseInt(range.group(3));
          for (int number = Integer.parseInt(range.group(2)); number <= last; number++) {
            var extended = new TreeMap<>(choice);
            extended.put(range.group(1).charAt(0), number);
            more.add(extended);
          }
        }
        choices = List.copyOf(more);
      }
    }
    return choices;
  }

  /** The pattern with its numbers put in. */
  static String filled(String pattern, Map<Character, Integer> numbers) {
    return HOLE.matcher(pattern)
        .replaceAll(hole -> String.valueOf(value(hole.group(1).replaceFirst("=.*", ""), numbers)));
  }

  /** A sum of numbers, each alone, a variable, or a number times a variable: {@code 3i+j+1}. */
  private static int value(String sum, Map<Character, Integer> numbers) {
    int value = 0;
    int position = 0;
    Matcher term = TERM.matcher(sum);
    while (position < sum.length()) {
      if (!term.find(position) || term.start() != position || term.end() == position) {
        throw new IllegalStateException("no sum: " + sum);
      }
      int factor = term.group(2).isEmpty() ? 1 : Integer.parseInt(term.group(2));
      Integer number =
          term.group(3).isEmpty() ? Integer.valueOf(1) : numbers.get(sum.charAt(term.start(3)));
      if (number == null) {
        throw new IllegalStateException("nothing declares a number of " + sum);
      }
      value += (term.group(1).equals("-") ? -1 : 1) * factor * number;
      position = term.end();
    }
    return value;
  }
}
