package bmr.engine;

import java.util.List;

/** How the values of a region are computed, block by block. */
sealed interface Program permits FlatProgram, BlockProgram {
  /** What it reads. */
  List<Slot> slots();

  /** Computes {@code n} values from an element of the region on. */
  void run(Registers registers, BlockInput input, long element, int n);
}
