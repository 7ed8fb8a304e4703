package bmr.engine;

import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.kernel.Kernel;
import bmr.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A linear combination of sources in single precision, for results in half precision: fused
 * multiply-adds in the order of the terms.
 *
 * @param slots the source of each term
 * @param coefficients rounded once from the exact ones
 */
record FlatProgram(List<Slot> slots, List<Float> coefficients) implements Program {
  /** Elements below which a tensor is computed in double precision: it costs nothing there. */
  private static final long SMALL = 1 << 15;

  FlatProgram {
    slots = List.copyOf(slots);
    coefficients = List.copyOf(coefficients);
  }

  /**
   * Whether single precision is enough for a result that is correctly rounded but for a few
   * elements, and those off by one unit in the last place.
   *
   * <p>Ten terms leave an error of some 2^-22 of the largest partial sum; a unit of F16 is at least
   * 2^-24 and a 2^-11th of the value. Where values are large (norms and biases, which are small
   * tensors) or the unit has no lower bound (differences in BF16), double precision is used. The
   * choice depends on headers alone, so that bytes do not depend on chunks.
   */
  static boolean suffices(LinearForm form, List<Slot> slots, DType output, long elements) {
    if (elements < SMALL || !(output == DType.F16 || output == DType.BF16)) {
      return false;
    }
    for (LinearForm.Term term : form.terms()) {
      if (!(term.operand() instanceof Operand.Source)) {
        return false;
      }
      if (output == DType.BF16 && term.coefficient().signum() < 0) {
        return false;
      }
    }
    return slots.stream().noneMatch(slot -> slot.dtype() == DType.F64);
  }

  /** A form whose operands are all sources; the slots are those of its terms. */
  static FlatProgram of(LinearForm form, List<Slot> slots) {
    var coefficients = new ArrayList<Float>();
    for (LinearForm.Term term : form.terms()) {
      coefficients.add(term.coefficient().floatValue());
    }
    return new FlatProgram(slots, coefficients);
  }

  /** Computes a block into {@link Registers#single}. */
  @Override
  public void run(Registers registers, BlockInput input, long element, int n) {
    Kernel kernel = registers.kernel;
    float[] result = registers.single;
    if (slots.isEmpty()) {
      Arrays.fill(result, 0, n, 0f);
    }
    for (int i = 0; i < slots.size(); i++) {
      float c = coefficients.get(i);
      boolean first = i == 0;
      switch (slots.get(i).dtype()) {
        case F16 -> {
          input.load(i, element, n, registers.shorts);
          if (first) {
            kernel.scaleF16(registers.shorts, n, c, result);
          } else {
            kernel.addF16(registers.shorts, n, c, result);
          }
        }
        case BF16 -> {
          input.load(i, element, n, registers.shorts);
          if (first) {
            kernel.scaleBF16(registers.shorts, n, c, result);
          } else {
            kernel.addBF16(registers.shorts, n, c, result);
          }
        }
        case F32 -> {
          input.load(i, element, n, registers.floats);
          if (first) {
            kernel.scaleF32(registers.floats, n, c, result);
          } else {
            kernel.addF32(registers.floats, n, c, result);
          }
        }
        default -> throw new IllegalStateException("not planned in single precision");
      }
    }
  }
}
