package bmr.analysis.ancestry;

import bmr.model.Block;
import bmr.model.Part;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * The whole answer of a search in files.
 *
 * @param candidates names
 * @param stands for each candidate the one that is taken for it: itself, or the first that holds
 *     the same but for rounding
 * @param identical the first candidate whose tensors are all equal to the target's
 * @param searched indices of the candidates among which was searched; the ancestry's own indices
 *     count in this list
 * @param rests what is left over, by block, the VAE left out
 * @param parts the first candidates whose tensors of a part equal the target's
 * @param blocks likewise for blocks, the VAE left out
 * @param vae the first candidate with the target's VAE, where the ancestors' differ
 * @param tensors in which was searched
 */
public record Trace(
    String target,
    List<String> candidates,
    List<Integer> stands,
    OptionalInt identical,
    List<Integer> searched,
    Ancestry ancestry,
    List<Rest> rests,
    SequencedMap<Part, Integer> parts,
    SequencedMap<Block, Integer> blocks,
    OptionalInt vae,
    int tensors) {
  /**
   * What is left over in a block, as sums of squares.
   *
   * @param rest ‖T − Σ w_i x_i‖²
   * @param floor what rounding the target to its type is expected to leave
   * @param away ‖T − r‖² for the reference r, the base if one is known, else the main ancestor
   */
  public record Rest(Block block, double rest, double floor, double away) {
    /**
     * The part of the target's way from the reference that nothing explains, rounding taken off.
     */
    public double unexplained() {
      return away > 0 ? Math.sqrt(Math.max(0, rest - floor) / away) : 0;
    }
  }

  /** Over all blocks. */
  public Rest total() {
    double rest = 0;
    double floor = 0;
    double away = 0;
    for (Rest each : rests) {
      rest += each.rest();
      floor += each.floor();
      away += each.away();
    }
    return new Rest(Block.BASE, rest, floor, away);
  }

  /** The name of a candidate by its index in the ancestry. */
  public String name(int index) {
    return candidates.get(searched.get(index));
  }

  /** Indices in the ancestry of the ancestors, heaviest first by the blocks they are in. */
  public List<Integer> ancestors() {
    return java.util.stream.IntStream.range(0, searched.size())
        .filter(i -> ancestry.verdicts().get(i).kind() == Ancestry.Kind.ANCESTOR)
        .boxed()
        .sorted(java.util.Comparator.comparingDouble((Integer i) -> -mean(i)))
        .toList();
  }

  /** A weight's mean over the blocks. */
  public double mean(int index) {
    double sum = 0;
    int count = 0;
    for (Ancestry.Group group : ancestry.groups()) {
      sum += group.weights().get(index) * group.blocks().size();
      count += group.blocks().size();
    }
    return sum / count;
  }
}
