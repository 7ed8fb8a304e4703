package bmr.engine;

import bmr.tensor.DType;
import java.util.List;

/** How the bytes of one output tensor come about; can be cut between any two rows. */
sealed interface TensorWork {
  /** Elements below which a tensor is not cut; reductions add up in blocks of as many. */
  int GRAIN = 1 << 16;

  long rows();

  /** Rows that are not taken apart unless fewer are left. */
  long grain();

  /** Bytes that must be read for a row, at most. */
  long rowInput();

  /** Bytes that a row makes. */
  long rowOutput();

  /** The type of the output. */
  DType dtype();

  /** The least a worker must hold for this tensor. */
  default Budget.Need need() {
    long unit = Math.min(rows(), grain());
    return new Budget.Need(
        Math.multiplyExact(unit, rowInput()), Math.multiplyExact(unit, rowOutput()), registers());
  }

  /** Bytes of arrays. */
  long registers();

  /** The bytes of a source from a position on; a row is one byte. */
  record Copy(DType dtype, int source, long position, long rows) implements TensorWork {
    @Override
    public long grain() {
      return GRAIN;
    }

    @Override
    public long rowInput() {
      return 1;
    }

    @Override
    public long rowOutput() {
      return 1;
    }

    @Override
    public long registers() {
      return Registers.bytes(0);
    }
  }

  /** int64 numbers from 0 up; a row is one number. */
  record Count(long rows) implements TensorWork {
    @Override
    public DType dtype() {
      return DType.I64;
    }

    @Override
    public long grain() {
      return GRAIN;
    }

    @Override
    public long rowInput() {
      return 0;
    }

    @Override
    public long rowOutput() {
      return Long.BYTES;
    }

    @Override
    public long registers() {
      return 0;
    }
  }

  /**
   * Values of one or more regions.
   *
   * @param rows elements, or indices of dimension 0 where channels are apart
   * @param rowElements elements of a row in the output
   */
  record Compute(DType dtype, List<Part> parts, long rows, long rowElements) implements TensorWork {
    public Compute {
      parts = List.copyOf(parts);
    }

    @Override
    public long grain() {
      return Math.max(1, GRAIN / Math.max(1, rowElements));
    }

    @Override
    public long rowInput() {
      long bytes = 0;
      for (Part part : parts) {
        for (Slot slot : part.program().slots()) {
          bytes += slot.view().stride() * slot.elementBytes();
        }
      }
      return bytes;
    }

    @Override
    public long rowOutput() {
      return rowElements * (dtype.bits() / 8);
    }

    @Override
    public long registers() {
      long bytes = 0;
      for (Part part : parts) {
        bytes = Math.max(bytes, Registers.bytes(part.program().registers()));
      }
      return bytes;
    }
  }

  /** A region, where it lies in the output, and what makes it. */
  record Part(Region region, View output, BlockProgram program) {}
}
