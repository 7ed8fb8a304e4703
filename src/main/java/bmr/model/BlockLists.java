package bmr.model;

import java.util.Optional;

/** The two lengths of published lists of weights. */
final class BlockLists {
  /** BASE, IN00-IN11, M00, OUT00-OUT11. */
  static final int LONG = 26;

  /** BASE, IN00-IN08, M00, OUT00-OUT08. */
  static final int SHORT = 20;

  private BlockLists() {}

  /**
   * Where a block's value stands in a list of some length, or -1 where such a list does not fit. In
   * a list of 26, SDXL's blocks stand where SD 1.x has those of the same name: that is
   * SuperMerger's conversion.
   */
  static int index(int length, Architecture architecture, Block block) {
    if (misfit(length, architecture).isPresent()) {
      return -1;
    }
    if (length != LONG && length != SHORT) {
      return architecture.blocks().indexOf(block);
    }
    int depth = (length - 2) / 2;
    return switch (block.group()) {
      case BASE -> 0;
      case IN -> 1 + block.number();
      case MID -> 1 + depth;
      case OUT -> 2 + depth + block.number();
      // such an architecture has other lists
      case L, D, S -> -1;
    };
  }

  /** Why a list of some length does not fit. Where only BASE is known, both lengths do. */
  static Optional<String> misfit(int length, Architecture architecture) {
    int needed = architecture.blocks().size();
    if (length == needed && needed > 1) {
      return Optional.empty();
    }
    if (length != LONG && length != SHORT) {
      return Optional.of("a list of " + length + " weights fits no model: 26 or 20 are needed");
    }
    // a list of 26 is converted for SDXL
    if (needed == SHORT || needed == 1) {
      return Optional.empty();
    }
    return Optional.of(
        needed == LONG
            ? "a list of 20 weights is for SDXL: " + architecture.label() + " needs 26"
            : "a list of weights per block does not fit " + architecture.label());
  }
}
