package bmr.recipe;

import bmr.model.Block;
import bmr.model.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lists of weights for the blocks that LoRAs of attention layers have, as the block weight
 * extensions of web UIs take them: 17 for SD 1.x, 12 for SDXL. The other blocks have 0, as in
 * SuperMerger.
 */
final class LoraBlocks {
  private static final List<Block> SEVENTEEN =
      blocks(List.of(1, 2, 4, 5, 7, 8), List.of(3, 4, 5, 6, 7, 8, 9, 10, 11));

  private static final List<Block> TWELVE = blocks(List.of(4, 5, 7, 8), List.of(0, 1, 2, 3, 4, 5));

  /** The extensions' presets over the 17 blocks. */
  private static final Map<String, String> PRESETS =
      Map.of(
          "NONE", "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
          "ALL", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
          "INS", "1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
          "IND", "1,0,0,0,1,1,1,0,0,0,0,0,0,0,0,0,0",
          "INALL", "1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0",
          "MIDD", "1,0,0,0,1,1,1,1,1,1,1,1,0,0,0,0,0",
          "OUTD", "1,0,0,0,0,0,0,0,1,1,1,1,0,0,0,0,0",
          "OUTS", "1,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,1",
          "OUTALL", "1,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1",
          "ALL0.5", "0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5");

  private LoraBlocks() {}

  private static List<Block> blocks(List<Integer> in, List<Integer> out) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.BASE);
    in.forEach(number -> blocks.add(Block.in(number)));
    blocks.add(Block.MID);
    out.forEach(number -> blocks.add(Block.out(number)));
    return List.copyOf(blocks);
  }

  /** The weight that a list of 17 or 12 values is; empty for other lengths. */
  static Optional<Weight> weight(List<Weight> values) {
    return switch (values.size()) {
      case 17 -> Optional.of(spread(values, SEVENTEEN, 12));
      case 12 -> Optional.of(spread(values, TWELVE, 9));
      default -> Optional.empty();
    };
  }

  /** A preset for LoRAs; {@code ALL} and {@code NONE} are plain numbers, for all blocks. */
  static Optional<Weight> preset(String name) {
    return switch (name) {
      case "ALL" -> Optional.of(Weight.Constant.ONE);
      case "NONE" -> Optional.of(Weight.Constant.ZERO);
      case "ALL0.5" -> Optional.of(Weight.of("0.5"));
      default ->
          Optional.ofNullable(PRESETS.get(name))
              .flatMap(
                  text -> weight(List.of(text.split(",", -1)).stream().map(Weight::of).toList()));
    };
  }

  private static Weight spread(List<Weight> values, List<Block> blocks, int depth) {
    List<Weight> all =
        new ArrayList<>(Collections.nCopies(2 * depth + 2, (Weight) Weight.Constant.ZERO));
    IntStream.range(0, blocks.size())
        .forEach(i -> all.set(place(blocks.get(i), depth), values.get(i)));
    return new Weight.PerBlock(all);
  }

  private static int place(Block block, int depth) {
    return switch (block.group()) {
      case BASE -> 0;
      case IN -> 1 + block.number();
      case MID -> 1 + depth;
      case OUT -> 2 + depth + block.number();
      case L, D, S -> throw new IllegalArgumentException("not of a U-Net: " + block);
    };
  }
}
