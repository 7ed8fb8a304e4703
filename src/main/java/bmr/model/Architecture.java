package bmr.model;

import java.util.ArrayList;
import java.util.List;

/** Families of models that share keys and blocks. */
public enum Architecture {
  SD1("SD 1.x", 12),
  SD2("SD 2.x", 12),
  SDXL("SDXL", 9),
  SD3("SD 3", 0),
  FLUX("Flux", 0),
  UNKNOWN("unknown", 0);

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot change
  private final List<Block> blocks;

  Architecture(String label, int depth) {
    this.label = label;
    this.blocks = blocks(depth);
  }

  private static List<Block> blocks(int depth) {
    var blocks = new ArrayList<Block>();
    blocks.add(Block.BASE);
    if (depth > 0) {
      for (int number = 0; number < depth; number++) {
        blocks.add(Block.in(number));
      }
      blocks.add(Block.MID);
      for (int number = 0; number < depth; number++) {
        blocks.add(Block.out(number));
      }
    }
    return List.copyOf(blocks);
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /**
   * The blocks in the order of published lists: 26 for SD 1.x and 2.x (BASE, IN00-IN11, M00,
   * OUT00-OUT11), 20 for SDXL (BASE, IN00-IN08, M00, OUT00-OUT08), BASE alone where bmr knows no
   * blocks.
   */
  public List<Block> blocks() {
    return blocks;
  }

  /** Number of IN blocks, and of OUT blocks: 12, 9, or 0 where bmr knows no blocks. */
  public int depth() {
    return (blocks.size() - 1) / 2;
  }
}
