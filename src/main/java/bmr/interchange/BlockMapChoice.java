package bmr.interchange;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which block map a publication means: what it says itself, or what its dates say where the maps
 * that SuperMerger had over the years give different models.
 */
final class BlockMapChoice {
  private final Set<String> dated = new TreeSet<>();
  private Optional<String> said = Optional.empty();
  private boolean matters;

  /** A map that the publication names by its tool or by the time of a merge. */
  void said(String profile) {
    said = Optional.of(profile);
  }

  /** A date in the publication. */
  void date(LocalDate date) {
    dated.add(BlockMapDates.profile(date));
  }

  /** Looks at the weights of a definition. */
  void takes(Merge merge) {
    matters |=
        switch (merge) {
          case Merge.WeightSum(var a, var b, Ratio alpha) -> matters(alpha);
          case Merge.AddDifference(var a, var b, var c, Ratio alpha) -> matters(alpha);
          case Merge.TripleSum(var a, var b, var c, Ratio alpha, Ratio beta) ->
              matters(alpha) || matters(beta);
          case Merge.SumTwice(var a, var b, var c, Ratio alpha, Ratio beta) ->
              matters(alpha) || matters(beta);
          case Merge.Linear(var terms) -> false;
          case Merge.Written(var formula, var models, var clauses) ->
              clauses.entrySet().stream()
                  .anyMatch(clause ->
                      matters(clause.getValue(), clauses.containsKey("base_" + clause.getKey())));
        };
  }

  private static boolean matters(Ratio ratio) {
    return ratio instanceof Ratio.Blocks(List<BigDecimal> values, var base)
        && matters(values, base.isPresent());
  }

  private static boolean matters(String clause, boolean base) {
    return clause.startsWith("(")
        && Decimals.list(clause).map(values -> matters(values, base)).orElse(false);
  }

  /** On SD 1.x, whether IN00 and OUT11 differ; on SDXL, whether IN00 is touched at all. */
  private static boolean matters(List<BigDecimal> values, boolean base) {
    int first = base || Decimals.lacksBase(values.size()) ? 0 : 1;
    return switch (values.size() - first) {
      case 25 -> values.get(first).compareTo(values.getLast()) != 0;
      case 19 -> values.get(first).signum() != 0;
      default -> false;
    };
  }

  /** Whether it matters and nothing decides. */
  boolean isOpen() {
    return said.isEmpty() && matters && dated.size() != 1;
  }

  /** The lines for the script. */
  List<String> lines() {
    if (said.isPresent()) {
      return List.of("block_map \"" + said.get() + "\"");
    }
    if (!matters) {
      return List.of();
    }
    if (dated.size() == 1) {
      return List.of(
          "# the block map of SuperMerger at the date of this text",
          "block_map \"" + dated.iterator().next() + "\"");
    }
    return List.of(
        "# Nothing says when this was merged. From 2023-07-21 to 2025-11-26 SuperMerger had",
        "# another block map: if it was merged then, take away the next `#`.",
        "# block_map \"supermerger-2023-07\"");
  }
}
