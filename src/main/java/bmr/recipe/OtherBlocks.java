package bmr.recipe;

import bmr.model.Block;
import bmr.model.Weight.Selector;
import bmr.model.Weight.SubName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code NOT M00 OUT03-OUT06}: all blocks of the longest list but these. */
final class OtherBlocks {
  private static final List<Block> ALL =
      Stream.of(
              Stream.of(Block.BASE),
              IntStream.range(0, 12).mapToObj(Block::in),
              Stream.of(Block.MID),
              IntStream.range(0, 12).mapToObj(Block::out))
          .flatMap(blocks -> blocks)
          .toList();

  private OtherBlocks() {}

  /** Runs of blocks that no selector names. Parts of BASE, such as VAE, take no block away. */
  static List<Selector> of(List<Selector> named) {
    List<Selector> others = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      int first = i;
      while (i < ALL.size() && !matches(named, ALL.get(i))) {
        i++;
      }
      if (i > first) {
        others.add(new Selector.Blocks(ALL.get(first), ALL.get(i - 1)));
      }
    }
    // an entry without any selector would match everything
    return others.isEmpty() ? List.of(new Selector.Blocks(Block.out(11), Block.BASE)) : others;
  }

  private static boolean matches(List<Selector> named, Block block) {
    return named.stream()
        .anyMatch(selector ->
            switch (selector) {
              case Selector.Blocks(Block first, Block last) ->
                  first.compareTo(block) <= 0 && block.compareTo(last) <= 0;
              case Selector.Named(SubName group) -> isIn(group, block);
            });
  }

  private static boolean isIn(SubName group, Block block) {
    return switch (group) {
      case ALL -> true;
      case IN -> block.group() == Block.Group.IN;
      case MID -> block.group() == Block.Group.MID;
      case OUT -> block.group() == Block.Group.OUT;
      case UNET -> block.group() != Block.Group.BASE;
      case CLIP, CLIPL, CLIPG, VAE, TIME, LABEL, HEAD -> false;
    };
  }
}
