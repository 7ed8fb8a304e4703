package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import java.io.IOException;

/**
 * The change of one weight, row by row. A convolution's weight [out, in, k, k] counts as a matrix
 * of out rows and in·k·k columns. Safe for use by many threads.
 */
sealed interface Change
    permits Change.Dense, Change.Stored, Change.Product, Change.Hadamard, Change.Kronecker, Dora {
  int rows();

  int columns();

  /** Numbers that are kept in memory. */
  long held();

  /** Computes one row; {@code target} has at least {@link #columns} places. */
  void row(int row, double[] target) throws IOException;

  /** A matrix as it is. */
  record Dense(Matrix matrix, double scale) implements Change {
    @Override
    public int rows() {
      return matrix.rows();
    }

    @Override
    public int columns() {
      return matrix.columns();
    }

    @Override
    public long held() {
      return matrix.values().length;
    }

    @Override
    public void row(int row, double[] target) {
      int from = row * columns();
      for (int i = 0; i < columns(); i++) {
        target[i] = scale * matrix.values()[from + i];
      }
    }
  }

  /** A tensor of the file as it is, read when it is asked for. */
  record Stored(Checkpoint file, StoredTensor tensor, int rows, int columns) implements Change {
    @Override
    public long held() {
      return 0;
    }

    @Override
    public void row(int row, double[] target) throws IOException {
      Matrix.read(file, tensor, (long) row * columns, columns, target);
    }
  }

  /** {@code scale · up · down}: LoRA and LoCon. */
  record Product(Matrix up, Matrix down, double scale) implements Change {
    @Override
    public int rows() {
      return up.rows();
    }

    @Override
    public int columns() {
      return down.columns();
    }

    @Override
    public long held() {
      return (long) up.values().length + down.values().length;
    }

    @Override
    public void row(int row, double[] target) {
      int columns = columns();
      java.util.Arrays.fill(target, 0, columns, 0);
      for (int k = 0; k < down.rows(); k++) {
        double factor = scale * up.values()[row * up.columns() + k];
        int from = k * columns;
        for (int i = 0; i < columns; i++) {
          target[i] += factor * down.values()[from + i];
        }
      }
    }
  }

  /** The product of two changes element by element: LoHa. */
  record Hadamard(Change left, Change right) implements Change {
    @Override
    public int rows() {
      return left.rows();
    }

    @Override
    public int columns() {
      return left.columns();
    }

    @Override
    public long held() {
      return left.held() + right.held();
    }

    @Override
    public void row(int row, double[] target) throws IOException {
      double[] other = new double[columns()];
      left.row(row, target);
      right.row(row, other);
      for (int i = 0; i < other.length; i++) {
        target[i] *= other[i];
      }
    }
  }

  /** The Kronecker product: LoKr. A kernel's places lie in the second factor's columns. */
  record Kronecker(Change left, Change right) implements Change {
    @Override
    public int rows() {
      return left.rows() * right.rows();
    }

    @Override
    public int columns() {
      return left.columns() * right.columns();
    }

    @Override
    public long held() {
      return left.held() + right.held();
    }

    @Override
    public void row(int row, double[] target) throws IOException {
      double[] outer = new double[left.columns()];
      double[] inner = new double[right.columns()];
      left.row(row / right.rows(), outer);
      right.row(row % right.rows(), inner);
      for (int i = 0; i < outer.length; i++) {
        for (int j = 0; j < inner.length; j++) {
          target[i * inner.length + j] = outer[i] * inner[j];
        }
      }
    }
  }
}
