package bmr.engine;

import bmr.kernel.Kernel;
import bmr.method.MergeMethod;
import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.util.Arrays;
import java.util.List;

/**
 * Forms over sources as steps over registers of double precision blocks. Made by {@link Compiler};
 * holds no values and is shared by all workers.
 *
 * <p>Single precision would be a third faster, but no longer correctly rounded in 99 % of elements
 * where weights have one or two decimals: three times one F16 value plus seven times another is
 * often an exact tie once divided by ten, and the error of a coefficient such as 0.1f decides it
 * ({@code 0.9 A + 0.1 B} of related models: 1.9 % wrong). In double precision the worst case found
 * is 0.6 %.
 *
 * @param slots the sources that the steps read
 * @param roots the registers that hold the forms' values in the end
 * @param registers how many there are
 */
record BlockProgram(List<Slot> slots, List<Step> steps, List<Integer> roots, int registers) {
  BlockProgram {
    slots = List.copyOf(slots);
    steps = List.copyOf(steps);
    roots = List.copyOf(roots);
  }

  /** One operation on a block. */
  sealed interface Step {
    /** Zero everywhere. */
    record Clear(int target) implements Step {}

    /** A source's values times a coefficient, set or added. */
    record FromSource(int slot, double coefficient, boolean set, int target) implements Step {}

    /** A register's values times a coefficient, set or added. */
    record FromRegister(int from, double coefficient, boolean set, int target) implements Step {}

    /** A point-wise method. */
    record Apply(
        MergeMethod.Pointwise method, List<Integer> operands, List<Double> parameters, int target)
        implements Step {}

    /** Rounded to a type and decoded again. */
    record Round(DType dtype, int target) implements Step {}
  }

  /** Computes a block; the values of the forms are then in the {@link #roots}. */
  void run(Registers registers, BlockInput input, long element, int n) {
    for (Step step : steps) {
      switch (step) {
        case Step.Clear(int target) -> Arrays.fill(registers.doubles(target), 0, n, 0.0);
        case Step.FromSource source -> source(source, registers, input, element, n);
        case Step.FromRegister(int from, double c, boolean set, int target) -> {
          if (set) {
            registers.kernel.scaleF64(registers.doubles(from), n, c, registers.doubles(target));
          } else {
            registers.kernel.addF64(registers.doubles(from), n, c, registers.doubles(target));
          }
        }
        case Step.Apply apply -> apply(apply, registers, n);
        case Step.Round(DType dtype, int target) ->
            round(dtype, registers, registers.doubles(target), n);
      }
    }
  }

  private void source(
      Step.FromSource step, Registers registers, BlockInput input, long element, int n) {
    Kernel kernel = registers.kernel;
    double[] result = registers.doubles(step.target());
    double c = step.coefficient();
    switch (slots.get(step.slot()).dtype()) {
      case F16 -> {
        input.load(step.slot(), element, n, registers.shorts);
        if (step.set()) {
          kernel.scaleF16(registers.shorts, n, c, result);
        } else {
          kernel.addF16(registers.shorts, n, c, result);
        }
      }
      case BF16 -> {
        input.load(step.slot(), element, n, registers.shorts);
        if (step.set()) {
          kernel.scaleBF16(registers.shorts, n, c, result);
        } else {
          kernel.addBF16(registers.shorts, n, c, result);
        }
      }
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
        Float8 type = Float8.of(slots.get(step.slot()).dtype()).orElseThrow();
        input.load(step.slot(), element, n, registers.bytes);
        if (step.set()) {
          kernel.scaleF8(type, registers.bytes, n, c, result);
        } else {
          kernel.addF8(type, registers.bytes, n, c, result);
        }
      }
      case F32 -> {
        input.load(step.slot(), element, n, registers.floats);
        if (step.set()) {
          kernel.scaleF32(registers.floats, n, c, result);
        } else {
          kernel.addF32(registers.floats, n, c, result);
        }
      }
      case F64 -> {
        input.load(step.slot(), element, n, registers.wide);
        if (step.set()) {
          kernel.scaleF64(registers.wide, n, c, result);
        } else {
          kernel.addF64(registers.wide, n, c, result);
        }
      }
      default -> throw new IllegalStateException("the plan lets only float types through");
    }
  }

  private static void apply(Step.Apply step, Registers registers, int n) {
    var operands = new double[step.operands().size()][];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = registers.doubles(step.operands().get(i));
    }
    double[] parameters = step.parameters().stream().mapToDouble(Double::doubleValue).toArray();
    step.method().apply(operands, parameters, n, registers.doubles(step.target()));
  }

  private static void round(DType dtype, Registers registers, double[] values, int n) {
    Kernel kernel = registers.kernel;
    switch (dtype) {
      case F16 -> {
        kernel.encodeF16(values, n, registers.shorts);
        kernel.scaleF16(registers.shorts, n, 1.0, values);
      }
      case BF16 -> {
        kernel.encodeBF16(values, n, registers.shorts);
        kernel.scaleBF16(registers.shorts, n, 1.0, values);
      }
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
        Float8 type = Float8.of(dtype).orElseThrow();
        kernel.encodeF8(type, values, n, registers.bytes);
        kernel.scaleF8(type, registers.bytes, n, 1.0, values);
      }
      case F32 -> {
        kernel.encodeF32(values, n, registers.floats);
        kernel.scaleF32(registers.floats, n, 1.0, values);
      }
      case F64 -> {}
      default -> throw new IllegalArgumentException("no type to round to: " + dtype);
    }
  }
}
