package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import java.io.IOException;

/**
 * What a DoRA changes of a given weight: with V = W + ΔW it is s · V / ‖V‖ − W, the norm over the
 * axes along which s has the length 1. Source: Liu et al. 2024, "DoRA: Weight-Decomposed Low-Rank
 * Adaptation"; the axes as in LyCORIS.
 *
 * @param base where W is
 * @param firstRow of the module's rows in W
 * @param lengths s, one for each row, or for each input where {@code norms} are given
 * @param norms of the inputs; empty where rows have the norms
 * @param kernel columns for each input
 */
record Dora(
    Change change,
    Checkpoint base,
    StoredTensor weight,
    int firstRow,
    Matrix lengths,
    Matrix norms,
    int kernel)
    implements Change {

  /** For lengths of the rows: no more must be known. */
  static Dora ofRows(
      Change change, Checkpoint base, StoredTensor weight, int firstRow, Matrix lengths) {
    return new Dora(change, base, weight, firstRow, lengths, new Matrix(0, 0, new double[0]), 1);
  }

  /** For lengths of the inputs: all of W is read for their norms. */
  static Dora ofInputs(
      Change change, Checkpoint base, StoredTensor weight, int firstRow, Matrix lengths, int kernel)
      throws IOException {
    double[] squares = new double[change.columns() / kernel];
    Dora plain =
        new Dora(
            change,
            base,
            weight,
            firstRow,
            lengths,
            new Matrix(1, squares.length, squares),
            kernel);
    double[] row = new double[change.columns()];
    double[] own = new double[change.columns()];
    for (int i = 0; i < change.rows(); i++) {
      plain.changed(i, row, own);
      for (int j = 0; j < row.length; j++) {
        squares[j / kernel] += row[j] * row[j];
      }
    }
    for (int j = 0; j < squares.length; j++) {
      squares[j] = Math.sqrt(squares[j]);
    }
    return plain;
  }

  @Override
  public int rows() {
    return change.rows();
  }

  @Override
  public int columns() {
    return change.columns();
  }

  @Override
  public long held() {
    return change.held() + norms.columns();
  }

  /** One row of V, and W's in {@code own}. */
  private void changed(int row, double[] target, double[] own) throws IOException {
    Matrix.read(base, weight, (long) (firstRow + row) * columns(), columns(), own);
    change.row(row, target);
    for (int i = 0; i < columns(); i++) {
      target[i] += own[i];
    }
  }

  @Override
  public void row(int row, double[] target) throws IOException {
    double[] own = new double[columns()];
    changed(row, target, own);
    double length = 0;
    if (norms.columns() == 0) {
      for (int i = 0; i < own.length; i++) {
        length += target[i] * target[i];
      }
      length = Math.sqrt(length);
    }
    for (int i = 0; i < own.length; i++) {
      double norm = norms.columns() == 0 ? length : norms.values()[i / kernel];
      double wanted = lengths.values()[norms.columns() == 0 ? row : i / kernel];
      target[i] = (norm == 0 ? 0 : wanted / norm * target[i]) - own[i];
    }
  }
}
