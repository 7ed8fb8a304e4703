package bmr.engine;

import bmr.kernel.Kernel;
import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.util.Arrays;
import java.util.List;

/** One worker's arrays for products of many operands. */
final class GramRegisters {
  private final Kernel kernel;
  private final byte[] bytes = new byte[GramWork.CHUNK];
  private final short[] shorts = new short[GramWork.CHUNK];
  private final float[] floats = new float[GramWork.CHUNK];
  private double[][] operands = {};
  private double[] lanes = {};

  GramRegisters(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Makes room for so many numbers and sets them to zero. */
  void clear(int numbers) {
    int length = numbers * Kernel.LANES;
    if (lanes.length < length) {
      lanes = new double[length];
    } else {
      Arrays.fill(lanes, 0, length, 0);
    }
  }

  /** Decodes some elements of each slot and takes the first from the others. */
  void load(List<Slot> slots, BlockInput input, long from, int n) {
    int before = operands.length;
    if (before < slots.size()) {
      operands = Arrays.copyOf(operands, slots.size());
      for (int i = before; i < operands.length; i++) {
        operands[i] = new double[GramWork.CHUNK];
      }
    }
    for (int i = 0; i < slots.size(); i++) {
      decode(slots.get(i).dtype(), i, input, from, n);
      if (i > 0) {
        kernel.subtract(operands[0], n, operands[i]);
      }
    }
  }

  private void decode(DType dtype, int slot, BlockInput input, long from, int n) {
    switch (dtype) {
      case F16 -> {
        input.load(slot, from, n, shorts);
        kernel.scaleF16(shorts, n, 1.0, operands[slot]);
      }
      case BF16 -> {
        input.load(slot, from, n, shorts);
        kernel.scaleBF16(shorts, n, 1.0, operands[slot]);
      }
      case F32 -> {
        input.load(slot, from, n, floats);
        kernel.scaleF32(floats, n, 1.0, operands[slot]);
      }
      case F64 -> input.load(slot, from, n, operands[slot]);
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
        input.load(slot, from, n, bytes);
        kernel.scaleF8(Float8.of(dtype).orElseThrow(), bytes, n, 1.0, operands[slot]);
      }
      case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E8M0, I16, U16, I32, U32, C64, I64, U64 ->
          throw new IllegalStateException(dtype.tag() + " has no products");
    }
  }

  /** Adds the products and sums of what is loaded. */
  void add(int known, int holders, int n) {
    int pairs = (holders * (holders + 1) - known * (known + 1)) / 2;
    kernel.addGram(operands, known, holders, n, lanes);
    for (int i = known; i < holders; i++) {
      kernel.addSums(operands[i], n, lanes, (pairs + i - known) * Kernel.LANES);
    }
  }

  /** The sums, then the products. */
  double[] totals(int numbers, int pairs) {
    var totals = new double[numbers];
    for (int i = 0; i < numbers; i++) {
      int target = i < pairs ? numbers - pairs + i : i - pairs;
      totals[target] = Kernel.laneTotal(lanes, i * Kernel.LANES);
    }
    return totals;
  }
}
