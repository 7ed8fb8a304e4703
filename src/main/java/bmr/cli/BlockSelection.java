package bmr.cli;

import bmr.analysis.Similarity.Comparison;
import bmr.kernel.Kernel.Products;
import bmr.model.Block;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Blocks as {@code --on} names them: {@code OUT}, {@code IN+M00}, {@code OUT03-OUT05,BASE}.
 *
 * @param text as typed
 */
record BlockSelection(String text, Predicate<Block> blocks) {
  private static final Pattern RANGE = Pattern.compile("(\\w+)(?:-|~|\\.\\.)(\\w+)");

  /**
   * Understands a selection.
   *
   * @throws IllegalArgumentException saying what is not understood
   */
  static BlockSelection of(String text) {
    Predicate<Block> blocks = _ -> false;
    for (String item : text.strip().split("[,+\\s]+", -1)) {
      blocks = blocks.or(item(item.toUpperCase(Locale.ROOT)));
    }
    return new BlockSelection(text, blocks);
  }

  private static Predicate<Block> item(String item) {
    Matcher range = RANGE.matcher(item);
    if (range.matches()) {
      Block first = block(range.group(1));
      Block last = block(range.group(2));
      if (first.compareTo(last) > 0) {
        throw new IllegalArgumentException("`" + item + "` runs backwards");
      }
      return block -> block.compareTo(first) >= 0 && block.compareTo(last) <= 0;
    }
    return switch (item) {
      case "ALL" -> _ -> true;
      case "UNET" -> block -> block.group() != Block.Group.BASE;
      case "IN" -> block -> block.group() == Block.Group.IN;
      case "MID" -> block -> block.group() == Block.Group.MID;
      case "OUT" -> block -> block.group() == Block.Group.OUT;
      default -> block(item)::equals;
    };
  }

  private static Block block(String text) {
    return Block.parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "`" + text + "` is no block: write IN, MID, OUT, UNET, BASE, IN03 or OUT03-OUT05"));
  }

  /** The products over these blocks. */
  Products total(Comparison comparison) {
    Products total = Products.ZERO;
    for (var entry : comparison.blocks().entrySet()) {
      if (blocks.test(entry.getKey())) {
        total = total.plus(entry.getValue());
      }
    }
    return total;
  }
}
