package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A small matrix in memory, row by row. */
final class Matrix {
  private final int rows;
  private final int columns;
  private final double[] values;

  Matrix(int rows, int columns, double[] values) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** The elements, row by row; not a copy. */
  double[] values() {
    return values;
  }

  private static final int PORTION = 1 << 16;

  /** A tensor as a matrix: its first dimension is the rows, all others are the columns. */
  static Matrix read(Checkpoint file, StoredTensor tensor) throws IOException {
    Shape shape = tensor.info().shape();
    int rows = shape.rank() == 0 ? 1 : Math.toIntExact(shape.dimension(0));
    int elements = Math.toIntExact(shape.elements());
    double[] values = new double[elements];
    read(file, tensor, 0, elements, values);
    return new Matrix(rows, rows == 0 ? 0 : elements / rows, values);
  }

  /** Reads and decodes elements of a tensor. */
  static void read(Checkpoint file, StoredTensor tensor, long first, int count, double[] target)
      throws IOException {
    DType dtype = tensor.info().dtype();
    int size = dtype.bits() / 8;
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.min(count, PORTION) * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int now = Math.min(PORTION, count - done);
      buffer.clear().limit(now * size);
      file.read(buffer, tensor.position() + (first + done) * size);
      buffer.flip();
      for (int i = 0; i < now; i++) {
        target[done + i] =
            switch (dtype) {
              case F16 -> Float.float16ToFloat(buffer.getShort(i * 2));
              case BF16 -> Float.intBitsToFloat(buffer.getShort(i * 2) << 16);
              case F32 -> buffer.getFloat(i * 4);
              case F64 -> buffer.getDouble(i * 8);
              default -> throw new IllegalStateException("not a number type: " + dtype);
            };
      }
      done += now;
    }
  }

  Matrix transposed() {
    double[] turned = new double[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = values[i * columns + j];
      }
    }
    return new Matrix(columns, rows, turned);
  }

  /**
   * A core [p, q, k, k] applied to a matrix [q, in]: the matrix [p, in·k·k] with the elements Σq
   * core[p, q, h, w] · matrix[q, i].
   */
  static Matrix composed(Matrix core, Matrix matrix) {
    int kernel = core.columns() / matrix.rows();
    int columns = Math.multiplyExact(matrix.columns(), kernel);
    double[] values = new double[Math.multiplyExact(core.rows(), columns)];
    for (int p = 0; p < core.rows(); p++) {
      for (int q = 0; q < matrix.rows(); q++) {
        for (int i = 0; i < matrix.columns(); i++) {
          double factor = matrix.values()[q * matrix.columns() + i];
          int from = p * core.columns() + q * kernel;
          int to = p * columns + i * kernel;
          for (int k = 0; k < kernel; k++) {
            values[to + k] += factor * core.values()[from + k];
          }
        }
      }
    }
    return new Matrix(core.rows(), columns, values);
  }
}
