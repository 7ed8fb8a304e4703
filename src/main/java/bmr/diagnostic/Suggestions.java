package bmr.diagnostic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the names nearest to one that nothing knows. */
public final class Suggestions {
  private static final int LONGEST = 256;

  private Suggestions() {}

  private record Candidate(String name, int distance) {}

  /** The nearest name, if one is near enough. */
  public static Optional<String> closest(String wanted, Collection<String> known) {
    return closest(wanted, known, 1).stream().findFirst();
  }

  /**
   * The nearest names, nearest first, equal ones in alphabetic order. Names that differ in case and
   * separators only, if there are any; else those within a third of the length in
   * Damerau-Levenshtein distance (restricted: no part is edited twice), and those that go on where
   * the wanted one stops.
   */
  public static List<String> closest(String wanted, Collection<String> known, int limit) {
    String folded = folded(wanted);
    List<Candidate> candidates = new ArrayList<>();
    for (String name : known) {
      if (name.equals(wanted)) {
        continue;
      }
      int distance = distance(folded, folded(name));
      if (distance >= 0) {
        candidates.add(new Candidate(name, distance));
      }
    }
    boolean same = candidates.stream().anyMatch(candidate -> candidate.distance() == 0);
    return candidates.stream()
        .filter(candidate -> !same || candidate.distance() == 0)
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .map(Candidate::name)
        .distinct()
        .limit(limit)
        .toList();
  }

  /** Without case and separators. */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]+", "");
  }

  /** 0 for equal, -1 for too far. */
  private static int distance(String wanted, String name) {
    if (wanted.length() > LONGEST || name.length() > LONGEST || wanted.isEmpty()) {
      return -1;
    }
    int threshold = Math.max(wanted.length(), name.length()) / 3;
    int distance = edits(wanted, name, threshold);
    if (distance <= threshold) {
      return distance;
    }
    boolean longer = wanted.length() >= 4 && name.startsWith(wanted);
    return longer ? threshold + 1 : -1;
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours; anything above limit is limit+1.
   */
  private static int edits(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
