package bmr.checkpoint;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Compares the names of models. */
final class ModelSpelling {
  /** Longer names are compared by their beginnings. */
  private static final int LONGEST = 120;

  private static final int SHORTEST_PART = 3;
  private static final int MOST_SIMILAR = 5;
  private static final double WORST = 0.45;

  private ModelSpelling() {}

  /** One form for names that look the same: macOS takes accents apart in file names. */
  static String exact(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** Without case and separators. */
  static String loose(String name) {
    return exact(name).toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /** Those names that look like a name, best first, at most five. */
  static List<String> similar(String name, Collection<String> names) {
    record Ranked(String name, double distance) {}
    String wanted = loose(name);
    var ranked = new ArrayList<Ranked>();
    for (String other : names) {
      double distance = distance(wanted, loose(other));
      if (distance <= WORST) {
        ranked.add(new Ranked(other, distance));
      }
    }
    ranked.sort(Comparator.comparingDouble(Ranked::distance).thenComparing(Ranked::name));
    return ranked.stream().limit(MOST_SIMILAR).map(Ranked::name).toList();
  }

  /** 0 for equal names, 1 for names without anything in common. */
  private static double distance(String a, String b) {
    String left = a.substring(0, Math.min(a.length(), LONGEST));
    String right = b.substring(0, Math.min(b.length(), LONGEST));
    int longer = Math.max(left.length(), right.length());
    int shorter = Math.min(left.length(), right.length());
    if (shorter == 0) {
      return 1;
    }
    double edits = (double) edits(left, right) / longer;
    boolean part = left.contains(right) || right.contains(left);
    if (part && shorter >= SHORTEST_PART) {
      // a shortened name is likelier than so many slips; never better than a single slip
      return Math.min(edits, 0.15 + 0.3 * (longer - shorter) / longer);
    }
    return edits;
  }

  /** Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment). */
  private static int edits(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(last[j - 1] + same, 1 + Math.min(last[j], current[j - 1]));
        boolean swap =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        current[j] = swap ? Math.min(best, beforeLast[j - 2] + 1) : best;
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = current;
      current = free;
    }
    return last[b.length()];
  }
}
