package bmr.analysis.ancestry;

import bmr.model.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which candidates went into a target, and how much: docs/trace.md has the formulas.
 *
 * @param verdicts one for each candidate, in their order
 * @param groups blocks with the same weights; every block is in one
 * @param alike ancestors for which another candidate does as well
 */
public record Ancestry(List<Verdict> verdicts, List<Group> groups, List<Alike> alike) {
  public Ancestry {
    verdicts = List.copyOf(verdicts);
    groups = List.copyOf(groups);
    alike = List.copyOf(alike);
  }

  /** What a candidate is to the target. */
  public enum Kind {
    ANCESTOR,
    /** It explains a little, as a relative of something that is not among the candidates may. */
    POSSIBLE_RELATIVE,
    ABSENT
  }

  /** A candidate. */
  public record Verdict(Kind kind, Evidence evidence) {}

  /**
   * Blocks with the same weights.
   *
   * @param weights one for each candidate, 0 for who is no ancestor; sum 1
   * @param errors their standard errors
   */
  public record Group(List<Block> blocks, List<Double> weights, List<Double> errors) {
    public Group {
      blocks = List.copyOf(blocks);
      weights = List.copyOf(weights);
      errors = List.copyOf(errors);
    }
  }

  /** A candidate that can stand for an ancestor. */
  public record Alike(int ancestor, int other) {}

  /**
   * Searches.
   *
   * @param units tensors that all candidates and the target hold; at least one
   * @param nonNegative whether weights below 0 are ruled out
   */
  public static Ancestry of(List<Unit> units, boolean nonNegative) {
    int candidates = units.getFirst().target();
    var plain = new Search(units, nonNegative);
    int[] all = IntStream.range(0, candidates).toArray();
    if (candidates == 1) {
      var only = new Evidence(0, 1, 1, true);
      return new Ancestry(
          List.of(new Verdict(Kind.ANCESTOR, only)), groups(plain.whitened(all), all), List.of());
    }
    Search search = plain.whitened(all);
    int[] chosen = new Selection(search).select();
    search = plain.whitened(chosen);
    chosen = new Selection(search).select();
    search = plain.whitened(chosen);
    var verdicts = new ArrayList<Verdict>();
    var ancestors = new ArrayList<Integer>();
    for (int i = 0; i < candidates; i++) {
      Verdict verdict = verdict(search, chosen, i, candidates);
      verdicts.add(verdict);
      if (verdict.kind() == Kind.ANCESTOR) {
        ancestors.add(i);
      }
    }
    int[] certain = ancestors.stream().mapToInt(Integer::intValue).toArray();
    if (certain.length == 0) {
      certain = new int[] {strongest(verdicts, chosen)};
      Verdict before = verdicts.get(certain[0]);
      verdicts.set(certain[0], new Verdict(Kind.ANCESTOR, before.evidence()));
    }
    return new Ancestry(
        verdicts,
        groups(plain.whitened(certain), certain),
        alike(search, chosen, certain, candidates));
  }

  private static Verdict verdict(Search search, int[] chosen, int candidate, int candidates) {
    boolean inside = IntStream.of(chosen).anyMatch(i -> i == candidate);
    if (inside && chosen.length == 1) {
      return new Verdict(Kind.ANCESTOR, new Evidence(0, 1, 1, true));
    }
    Evidence evidence =
        inside
            ? search.within(chosen, candidate, candidates)
            : search.evidence(chosen, new int[] {candidate}, candidates)[0];
    if (inside) {
      return new Verdict(evidence.ancestor() ? Kind.ANCESTOR : Kind.POSSIBLE_RELATIVE, evidence);
    }
    return new Verdict(Kind.ABSENT, evidence);
  }

  private static int strongest(List<Verdict> verdicts, int[] chosen) {
    int strongest = chosen[0];
    for (int i : chosen) {
      if (verdicts.get(i).evidence().cosine() > verdicts.get(strongest).evidence().cosine()) {
        strongest = i;
      }
    }
    return strongest;
  }

  private static List<Group> groups(Search search, int[] chosen) {
    return new BlockGroups(search, chosen).groups();
  }

  /** Pairs where the ancestor says nothing more once the other has taken its place. */
  private static List<Alike> alike(Search search, int[] chosen, int[] ancestors, int candidates) {
    var alike = new ArrayList<Alike>();
    for (int ancestor : ancestors) {
      for (int other = 0; other < candidates && chosen.length > 1; other++) {
        int stand = other;
        if (IntStream.of(chosen).anyMatch(i -> i == stand)) {
          continue;
        }
        int[] swapped = IntStream.of(chosen).map(i -> i == ancestor ? stand : i).sorted().toArray();
        if (!search.evidence(swapped, new int[] {ancestor}, candidates)[0].certain()) {
          alike.add(new Alike(ancestor, other));
        }
      }
    }
    return alike;
  }

  /** The weight of a candidate in a block, 0 where the block is unknown. */
  public double weight(int candidate, Block block) {
    return groups.stream()
        .filter(group -> group.blocks().contains(block))
        .mapToDouble(group -> group.weights().get(candidate))
        .findFirst()
        .orElse(0);
  }
}
