package bmr.engine;

import bmr.tensor.DType;
import bmr.tensor.Float8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Rounds a block's values to the output's type and puts them where they belong. */
final class Encoder {
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Registers registers;
  private final DType dtype;
  private final MemorySegment output;
  private double[] doubles = new double[0];

  Encoder(Registers registers, DType dtype, MemorySegment output) {
    this.registers = registers;
    this.dtype = dtype;
    this.output = output;
  }

  /** Rounds values; returns how many of the results are NaN or infinite. */
  int encode(double[] values, int n) {
    return switch (dtype) {
      case F16 -> {
        registers.kernel.encodeF16(values, n, registers.shorts);
        yield registers.kernel.countNonFiniteF16(registers.shorts, n);
      }
      case BF16 -> {
        registers.kernel.encodeBF16(values, n, registers.shorts);
        yield registers.kernel.countNonFiniteBF16(registers.shorts, n);
      }
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
        Float8 type = Float8.of(dtype).orElseThrow();
        registers.kernel.encodeF8(type, values, n, registers.bytes);
        yield registers.kernel.countNonFiniteF8(type, registers.bytes, n);
      }
      case F32 -> {
        registers.kernel.encodeF32(values, n, registers.floats);
        yield registers.kernel.countNonFinite(registers.floats, n);
      }
      case F64 -> {
        doubles = values;
        yield registers.kernel.countNonFinite(values, n);
      }
      default -> throw new IllegalStateException("the plan lets only float types through");
    };
  }

  /** Puts encoded values, from one of the block on, to a place of the output in bytes. */
  void put(int first, int n, long place) {
    switch (dtype) {
      case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ ->
          MemorySegment.copy(registers.bytes, first, output, BlockInput.BYTE, place, n);
      case F16, BF16 ->
          MemorySegment.copy(registers.shorts, first, output, BlockInput.SHORT, place, n);
      case F32 -> MemorySegment.copy(registers.floats, first, output, BlockInput.FLOAT, place, n);
      case F64 -> MemorySegment.copy(doubles, first, output, BlockInput.DOUBLE, place, n);
      default -> throw new IllegalStateException("the plan lets only float types through");
    }
  }

  /** How many of the values in some bytes are NaN or infinite; 0 for types without such. */
  static long countNonFinite(
      Registers registers, DType dtype, MemorySegment bytes, long position, long length) {
    if (!dtype.isFloat()) {
      return 0;
    }
    int size = dtype.bits() / 8;
    long values = length / size;
    long bad = 0;
    for (long done = 0; done < values; done += Registers.BLOCK) {
      int n = (int) Math.min(Registers.BLOCK, values - done);
      long at = position + done * size;
      bad +=
          switch (dtype) {
            case F16 -> {
              MemorySegment.copy(bytes, BlockInput.SHORT, at, registers.shorts, 0, n);
              yield registers.kernel.countNonFiniteF16(registers.shorts, n);
            }
            case BF16 -> {
              MemorySegment.copy(bytes, BlockInput.SHORT, at, registers.shorts, 0, n);
              yield registers.kernel.countNonFiniteBF16(registers.shorts, n);
            }
            case F8_E4M3, F8_E5M2, F8_E4M3FNUZ, F8_E5M2FNUZ -> {
              MemorySegment.copy(bytes, BlockInput.BYTE, at, registers.bytes, 0, n);
              yield registers.kernel.countNonFiniteF8(
                  Float8.of(dtype).orElseThrow(), registers.bytes, n);
            }
            case F32 -> {
              MemorySegment.copy(bytes, BlockInput.FLOAT, at, registers.floats, 0, n);
              yield registers.kernel.countNonFinite(registers.floats, n);
            }
            case F64 -> {
              MemorySegment.copy(bytes, BlockInput.DOUBLE, at, registers.wide, 0, n);
              yield registers.kernel.countNonFinite(registers.wide, n);
            }
            default -> 0;
          };
    }
    return bad;
  }
}
