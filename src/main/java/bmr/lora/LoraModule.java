package bmr.lora;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.tensor.Shape;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one module of a LoRA, and what they mean.
 *
 * <p>Sources of the formulas: LoRA, Hu et al. 2021; LoHa, LoKr and the CP core of convolutions, Yeh
 * et al. 2023 ("Navigating Text-To-Image Customization") and the LyCORIS library, whose scaling by
 * alpha/rank and whose layouts are followed.
 */
final class LoraModule {
  /** More elements than any real factor has; a bound for memory. */
  private static final long LARGEST_FACTOR = 1L << 26;

  /** Full differences up to this size are read whole. */
  private static final long SMALL = 1L << 16;

  private final Map<Role, StoredTensor> tensors = new EnumMap<>(Role.class);

  void put(Role role, StoredTensor tensor) {
    tensors.put(role, tensor);
  }

  boolean isDora() {
    return tensors.containsKey(Role.DORA_SCALE);
  }

  boolean hasBias() {
    return tensors.containsKey(Role.DIFF_B);
  }

  /** Whether there is a change of the weight, not of the bias alone. */
  boolean hasWeight() {
    return tensors.keySet().stream()
        .anyMatch(role -> role != Role.ALPHA && role != Role.DIFF_B && role != Role.DORA_SCALE);
  }

  /** Rows and columns of a change. */
  private record Size(long rows, long columns) {
    @SuppressWarnings("ArgumentSelectionDefectChecker") // that is what it is for
    Size transposed() {
      return new Size(columns, rows);
    }

    static Size of(Shape shape) {
      if (shape.rank() == 0) {
        return new Size(1, 1);
      }
      long rows = shape.dimension(0);
      return new Size(rows, rows == 0 ? 0 : shape.elements() / rows);
    }
  }

  private @Nullable Size size(Role role) {
    StoredTensor tensor = tensors.get(role);
    return tensor == null ? null : Size.of(tensor.info().shape());
  }

  /** Whether the shapes make a change with so many rows and columns. */
  boolean fits(long rows, long columns) {
    for (var part : tensors.entrySet()) {
      StoredTensor tensor = part.getValue();
      boolean whole = part.getKey() == Role.DIFF || part.getKey() == Role.DIFF_B;
      if (!tensor.info().dtype().isFloat() || !whole && tensor.info().elements() > LARGEST_FACTOR) {
        return false;
      }
    }
    Size size = weightSize();
    return size != null && size.rows() == rows && size.columns() == columns;
  }

  private @Nullable Size weightSize() {
    if (tensors.containsKey(Role.DIFF)) {
      return size(Role.DIFF);
    }
    if (tensors.containsKey(Role.UP)) {
      return product(size(Role.UP), size(Role.MID), size(Role.DOWN));
    }
    if (tensors.containsKey(Role.HADA_W1_A)) {
      Size left = hada(Role.HADA_W1_A, Role.HADA_T1, Role.HADA_W1_B);
      Size right = hada(Role.HADA_W2_A, Role.HADA_T2, Role.HADA_W2_B);
      return left != null && left.equals(right) ? left : null;
    }
    Size left =
        tensors.containsKey(Role.LOKR_W1)
            ? size(Role.LOKR_W1)
            : product(size(Role.LOKR_W1_A), null, size(Role.LOKR_W1_B));
    Size right =
        tensors.containsKey(Role.LOKR_W2)
            ? size(Role.LOKR_W2)
            : tensors.containsKey(Role.LOKR_T2)
                ? hada(Role.LOKR_W2_A, Role.LOKR_T2, Role.LOKR_W2_B)
                : product(size(Role.LOKR_W2_A), null, size(Role.LOKR_W2_B));
    return left == null || right == null
        ? null
        : new Size(left.rows() * right.rows(), left.columns() * right.columns());
  }

  /** With a core the left factor lies on its side. */
  private @Nullable Size hada(Role left, Role core, Role right) {
    Size a = size(left);
    return tensors.containsKey(core) && a != null
        ? product(a.transposed(), size(core), size(right))
        : product(a, null, size(right));
  }

  private static @Nullable Size product(
      @Nullable Size up, @Nullable Size core, @Nullable Size down) {
    if (up == null || down == null) {
      return null;
    }
    if (core == null) {
      return up.columns() == down.rows() ? new Size(up.rows(), down.columns()) : null;
    }
    boolean fits =
        up.columns() == core.rows()
            && down.rows() > 0
            && core.columns() % down.rows() == 0
            && core.columns() / down.rows() * down.columns()
                <= LARGEST_FACTOR / Math.max(1, core.rows());
    return fits ? new Size(up.rows(), core.columns() / down.rows() * down.columns()) : null;
  }

  /** The change of the weight, its factors read; the shapes have been checked. */
  Change weight(Checkpoint file, int rows, int columns) throws IOException {
    if (tensors.containsKey(Role.DIFF)) {
      return (long) rows * columns <= SMALL
          ? new Change.Dense(matrix(file, Role.DIFF), 1)
          : new Change.Stored(file, tensor(Role.DIFF), rows, columns);
    }
    if (tensors.containsKey(Role.UP)) {
      Matrix down = matrix(file, Role.DOWN);
      double scale = scale(file, down.rows());
      Matrix inner =
          tensors.containsKey(Role.MID) ? Matrix.composed(matrix(file, Role.MID), down) : down;
      return new Change.Product(matrix(file, Role.UP), inner, scale);
    }
    if (tensors.containsKey(Role.HADA_W1_A)) {
      int rank = (int) Size.of(tensor(Role.HADA_W1_B).info().shape()).rows();
      return new Change.Hadamard(
          lowRank(file, Role.HADA_W1_A, Role.HADA_T1, Role.HADA_W1_B, scale(file, rank)),
          lowRank(file, Role.HADA_W2_A, Role.HADA_T2, Role.HADA_W2_B, 1));
    }
    return kronecker(file);
  }

  /** Alpha divided by the rank scales a LoKr only where a factor is of low rank. */
  private Change kronecker(Checkpoint file) throws IOException {
    double scale = 1;
    for (Role role : new Role[] {Role.LOKR_W1_B, Role.LOKR_W2_B}) {
      StoredTensor factor = tensors.get(role);
      if (factor != null) {
        scale = scale(file, (int) Size.of(factor.info().shape()).rows());
      }
    }
    Change left =
        tensors.containsKey(Role.LOKR_W1)
            ? new Change.Dense(matrix(file, Role.LOKR_W1), scale)
            : new Change.Product(matrix(file, Role.LOKR_W1_A), matrix(file, Role.LOKR_W1_B), scale);
    Change right =
        tensors.containsKey(Role.LOKR_W2)
            ? new Change.Dense(matrix(file, Role.LOKR_W2), 1)
            : lowRank(file, Role.LOKR_W2_A, Role.LOKR_T2, Role.LOKR_W2_B, 1);
    return new Change.Kronecker(left, right);
  }

  private Change lowRank(Checkpoint file, Role left, Role core, Role right, double scale)
      throws IOException {
    Matrix up = matrix(file, left);
    Matrix down = matrix(file, right);
    return tensors.containsKey(core)
        ? new Change.Product(up.transposed(), Matrix.composed(matrix(file, core), down), scale)
        : new Change.Product(up, down, scale);
  }

  /** Whether a DoRA's lengths are those of rows or of inputs. */
  boolean doraFits(long rows, long inputs) {
    Size size = size(Role.DORA_SCALE);
    return size != null && (isOfRows(size, rows) || isOfInputs(size, inputs));
  }

  private static boolean isOfRows(Size size, long rows) {
    return size.rows() == rows && size.columns() == 1;
  }

  private static boolean isOfInputs(Size size, long inputs) {
    return size.rows() == 1 && size.columns() == inputs;
  }

  /** The change that a DoRA makes of the weight that it is applied to. */
  Change dora(Checkpoint file, Change change, Checkpoint base, StoredTensor weight, int firstRow)
      throws IOException {
    Shape shape = weight.info().shape();
    int inputs = Math.toIntExact(shape.rank() < 2 ? 1 : shape.dimension(1));
    Matrix lengths = matrix(file, Role.DORA_SCALE);
    return isOfRows(new Size(lengths.rows(), lengths.columns()), change.rows())
        ? Dora.ofRows(change, base, weight, firstRow, lengths)
        : Dora.ofInputs(change, base, weight, firstRow, lengths, change.columns() / inputs);
  }

  /** The size of the change of the bias. */
  boolean biasFits(long elements) {
    StoredTensor tensor = tensors.get(Role.DIFF_B);
    return tensor != null
        && tensor.info().dtype().isFloat()
        && tensor.info().elements() == elements;
  }

  Change bias(Checkpoint file) throws IOException {
    return new Change.Dense(matrix(file, Role.DIFF_B), 1);
  }

  private Matrix matrix(Checkpoint file, Role role) throws IOException {
    return Matrix.read(file, tensor(role));
  }

  private StoredTensor tensor(Role role) {
    return Optional.ofNullable(tensors.get(role)).orElseThrow();
  }

  /** Alpha divided by the rank; 1 without an alpha. */
  private double scale(Checkpoint file, int rank) throws IOException {
    StoredTensor alpha = tensors.get(Role.ALPHA);
    if (alpha == null || alpha.info().elements() < 1 || rank == 0) {
      return 1;
    }
    double[] value = new double[1];
    Matrix.read(file, alpha, 0, 1, value);
    return value[0] / rank;
  }
}
