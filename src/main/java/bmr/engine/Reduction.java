package bmr.engine;

import bmr.kernel.Kernel.Products;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inner products of some forms over a region. The region is added up in blocks of {@link
 * TensorWork#GRAIN} elements from its start, these in the order of their indices, so that the sums
 * do not depend on who computed which block when.
 */
final class Reduction {
  /** Two roots of the program. */
  record Pair(int left, int right) {}

  final Region region;
  final BlockProgram program;
  final List<Pair> pairs;
  private final Products[][] blocks;

  Reduction(Region region, BlockProgram program, List<Pair> pairs) {
    this.region = region;
    this.program = program;
    this.pairs = List.copyOf(pairs);
    this.blocks = new Products[Math.toIntExact(ceilingBlocks(region.elements()))][];
  }

  private static long ceilingBlocks(long elements) {
    return Math.ceilDiv(elements, TensorWork.GRAIN);
  }

  /** Bytes that must be read for one element, at most. */
  long elementInput() {
    long bytes = 0;
    for (Slot slot : program.slots()) {
      View view = slot.view();
      bytes += Math.ceilDiv(view.stride(), view.row()) * slot.elementBytes();
    }
    return bytes;
  }

  Budget.Need need() {
    return new Budget.Need(
        Math.multiplyExact(inputBytes(0, grain()), 1L), 0, Registers.bytes(program.registers()));
  }

  private long grain() {
    return Math.min(TensorWork.GRAIN, region.elements());
  }

  /** Bytes between the first and the last of some elements in all slots, at most. */
  long inputBytes(long from, long to) {
    long bytes = 0;
    for (Slot slot : program.slots()) {
      bytes += to == from ? 0 : slot.spanBytes(from, to);
    }
    return bytes;
  }

  /** Computes the blocks between two elements, of which the first begins a block. */
  void compute(Registers registers, BlockInput input, long from, long to) {
    for (long start = from; start < to; start += TensorWork.GRAIN) {
      long end = Math.min(to, start + TensorWork.GRAIN);
      var sums = new Products[pairs.size()];
      Arrays.fill(sums, Products.ZERO);
      for (long at = start; at < end; at += Registers.BLOCK) {
        int n = (int) Math.min(Registers.BLOCK, end - at);
        program.run(registers, input, at, n);
        for (int i = 0; i < sums.length; i++) {
          Pair pair = pairs.get(i);
          double[] left = registers.doubles(program.roots().get(pair.left()));
          double[] right = registers.doubles(program.roots().get(pair.right()));
          sums[i] = sums[i].plus(registers.kernel.products(left, right, n));
        }
      }
      blocks[(int) (start / TensorWork.GRAIN)] = sums;
    }
  }

  /** The sums per pair, when all blocks are there. */
  List<Products> result() {
    var sums = new ArrayList<Products>();
    for (int i = 0; i < pairs.size(); i++) {
      Products sum = Products.ZERO;
      for (Products[] block : blocks) {
        sum = sum.plus(block[i]);
      }
      sums.add(sum);
    }
    return sums;
  }
}
