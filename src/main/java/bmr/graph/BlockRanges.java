package bmr.graph;

import bmr.model.Block;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Blocks as people list them: {@code BASE, IN00-IN05, M00}. */
public final class BlockRanges {
  private BlockRanges() {}

  /** The blocks in list order, neighbours of one group joined. */
  public static String of(Collection<Block> blocks) {
    List<Block> sorted = blocks.stream().distinct().sorted().toList();
    List<String> parts = new ArrayList<>();
    int start = 0;
    while (start < sorted.size()) {
      int end = start;
      while (end + 1 < sorted.size() && follows(sorted.get(end), sorted.get(end + 1))) {
        end++;
      }
      if (end - start >= 2) {
        parts.add(sorted.get(start) + "-" + sorted.get(end));
      } else {
        sorted.subList(start, end + 1).forEach(block -> parts.add(block.label()));
      }
      start = end + 1;
    }
    return String.join(", ", parts);
  }

  private static boolean follows(Block block, Block next) {
    return block.group() == next.group() && next.number() == block.number() + 1;
  }
}
