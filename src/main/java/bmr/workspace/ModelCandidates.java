package bmr.workspace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Ranks stems of files as candidates for a name of a model, by names alone. */
public final class ModelCandidates {
  /** A candidate: a stem, how alike from 0 to 1, and whether it is beyond doubt. */
  public record Candidate(String stem, double score, boolean sure) {}

  private static final double LEAST = 0.5;
  private static final double NEARLY = 0.1;
  private static final Pattern PIECE = Pattern.compile("[0-9]+|\\p{L}+");
  private static final Map<String, Set<String>> ALIASES =
      Map.of(
          "sd14", Set.of("sdv14", "v14", "modelv14"),
          "sd15", Set.of("v15prunedemaonly", "v15pruned"),
          "nai", Set.of("animefullfinalpruned", "nai"),
          "naifull", Set.of("animefullfinalpruned", "nai"),
          "novelaianimefull", Set.of("animefullfinalpruned", "nai"));

  private ModelCandidates() {}

  /** Candidates among stems, best first; at most one is sure, and none where two are near. */
  public static List<Candidate> of(String name, List<String> stems) {
    List<Candidate> found = new ArrayList<>();
    for (String stem : stems) {
      double score = score(name, stem);
      if (score >= LEAST) {
        found.add(new Candidate(stem, score, false));
      }
    }
    found.sort(
        Comparator.comparingDouble(Candidate::score).reversed().thenComparing(Candidate::stem));
    if (!found.isEmpty()
        && found.getFirst().score() == 1
        && (found.size() == 1 || found.get(1).score() < 1 - NEARLY)) {
      found.set(0, new Candidate(found.getFirst().stem(), 1, true));
    }
    return List.copyOf(found);
  }

  private static double score(String name, String stem) {
    String wanted = glued(name);
    String offered = glued(stem);
    if (wanted.isEmpty()) {
      return 0;
    }
    boolean same = wanted.equals(offered) && sameNumbers(sequence(name), sequence(stem));
    if (same || ALIASES.getOrDefault(wanted, Set.of()).contains(offered)) {
      return 1;
    }
    Set<String> left = pieces(name);
    Set<String> right = pieces(stem);
    List<String> numbers = sequence(name);
    if (!numbers.isEmpty() && !sequence(stem).isEmpty() && !sameNumbers(numbers, sequence(stem))) {
      return 0;
    }
    Set<String> both = new TreeSet<>(left);
    both.retainAll(right);
    return left.isEmpty() ? 0 : 1.8 * both.size() / (left.size() + right.size());
  }

  private static String glued(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}0-9]", "");
  }

  private static Set<String> pieces(String text) {
    Set<String> pieces = new TreeSet<>();
    PIECE.matcher(text.toLowerCase(Locale.ROOT)).results().forEach(m -> pieces.add(m.group()));
    return pieces;
  }

  private static List<String> sequence(String text) {
    return PIECE
        .matcher(text)
        .results()
        .map(piece -> piece.group())
        .filter(piece -> Character.isDigit(piece.charAt(0)))
        .toList();
  }

  /**
   * Equal one by one, or two digits that one side writes together: {@code sd14}, {@code SD 1.4}.
   */
  private static boolean sameNumbers(List<String> left, List<String> right) {
    String joined = String.join("", left);
    return left.equals(right)
        || joined.length() == 2
            && (left.size() == 1 || right.size() == 1)
            && joined.equals(String.join("", right));
  }
}
