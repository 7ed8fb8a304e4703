package bmr.interchange;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds names of models that may be one model's, written in two ways. */
final class SimilarNames {
  private static final int MOST = 300;
  private static final int SHORTEST = 6;

  private SimilarNames() {}

  /** For each such name a comment that names the other; each pair is named once. */
  static Map<String, String> remarks(List<String> files, Collection<String> defined) {
    Map<String, String> remarks = new HashMap<>();
    List<String> earlier = new ArrayList<>(defined.size() > MOST ? List.of() : defined);
    for (String name : files.size() > MOST ? List.<String>of() : files) {
      for (String other : earlier) {
        if (!remarks.containsKey(name) && areSimilar(name, other)) {
          remarks.put(name, "   # the same as " + ScriptDraft.spelled(other) + "?");
        }
      }
      earlier.add(name);
    }
    return remarks;
  }

  private static boolean areSimilar(String one, String other) {
    String a = key(one);
    String b = key(other);
    return a.equals(b)
        || Math.min(a.length(), b.length()) >= SHORTEST
            && Math.abs(a.length() - b.length()) <= 1
            && isOneLetterOff(a, b);
  }

  /** Whether one letter, not a digit, is added, left out or another. */
  private static boolean isOneLetterOff(String a, String b) {
    int start = 0;
    while (start < Math.min(a.length(), b.length()) && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < Math.min(a.length(), b.length()) - start
        && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    String left = a.substring(start, a.length() - end);
    String right = b.substring(start, b.length() - end);
    // what ends in another letter is mostly another version: `mixA`, `mixB`
    return left.length() <= 1
        && right.length() <= 1
        && (left + right).chars().allMatch(Character::isLetter)
        && end > 0;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]+", "");
  }
}
