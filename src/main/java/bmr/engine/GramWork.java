package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * The products of one tensor. It is added up in blocks of {@link TensorWork#GRAIN} elements, these
 * in the order of their indices, so that the sums do not depend on who computed which block when.
 */
final class GramWork {
  /** Elements that go through the arithmetic at once: the operands stay in the cache. */
  static final int CHUNK = 512;

  final int index;
  final List<Slot> slots;
  final GramScan.Target target;

  /** Per block its numbers, none before they are there. */
  private final double[][] blocks;

  private int missing;

  GramWork(int index, GramScan.Target target, List<Checkpoint> sources) {
    this.index = index;
    this.target = target;
    var slots = new ArrayList<Slot>();
    for (int source : target.holders()) {
      StoredTensor stored = Operands.stored(sources, source, target.key());
      slots.add(new Slot(source, stored.info().dtype(), stored.position(), View.WHOLE));
    }
    this.slots = List.copyOf(slots);
    this.missing = Math.toIntExact(Math.ceilDiv(elements(), TensorWork.GRAIN));
    this.blocks = new double[missing][0];
  }

  long elements() {
    return target.shape().elements();
  }

  /** Numbers of a result: sums, then products. */
  private int numbers() {
    return target.holders().size() - target.known() + target.pairs();
  }

  long inputBytes(long from, long to) {
    long bytes = 0;
    for (Slot slot : slots) {
      bytes += (to - from) * slot.elementBytes();
    }
    return bytes;
  }

  Budget.Need need() {
    long unit = Math.min(elements(), TensorWork.GRAIN);
    long arrays = 8L * CHUNK * slots.size() + 8L * Kernel.LANES * (numbers() + 1);
    return new Budget.Need(inputBytes(0, unit), 0, Registers.bytes(0) + arrays);
  }

  /** Computes the blocks between two elements, of which the first begins a block. */
  void compute(GramRegisters registers, BlockInput input, long from, long to) {
    int known = target.known();
    int holders = slots.size();
    for (long start = from; start < to; start += TensorWork.GRAIN) {
      long end = Math.min(to, start + TensorWork.GRAIN);
      registers.clear(numbers());
      for (long at = start; at < end; at += CHUNK) {
        int n = (int) Math.min(CHUNK, end - at);
        registers.load(slots, input, at, n);
        registers.add(known, holders, n);
      }
      double[] block = registers.totals(numbers(), target.pairs());
      synchronized (this) {
        blocks[(int) (start / TensorWork.GRAIN)] = block;
      }
    }
  }

  /** Counts blocks as done; true for who finished the last. */
  synchronized boolean finish(long from, long to) {
    missing -= Math.toIntExact(Math.ceilDiv(to - from, TensorWork.GRAIN));
    return missing == 0;
  }

  /** Gives the result on, and forgets it. */
  void deliver(GramScan.Sink sink) {
    var sums = new double[numbers()];
    synchronized (this) {
      for (int i = 0; i < blocks.length; i++) {
        double[] block = blocks[i];
        if (block.length == 0) {
          throw new IllegalStateException("a block of " + target.key() + " is missing");
        }
        for (int k = 0; k < sums.length; k++) {
          sums[k] += block[k];
        }
        blocks[i] = new double[0];
      }
    }
    int fresh = target.holders().size() - target.known();
    sink.finished(
        index,
        java.util.Arrays.copyOf(sums, fresh),
        java.util.Arrays.copyOfRange(sums, fresh, sums.length));
  }
}
