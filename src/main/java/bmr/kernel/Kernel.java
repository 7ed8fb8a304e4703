package bmr.kernel;

import bmr.tensor.Float8;

/**
 * Element-wise arithmetic and reductions over the first {@code n} values of heap arrays. Two
 * implementations, plain loops and the Vector API, give the same bits for the same input, NaN
 * payloads apart, whatever the vector width of the machine. F16 and BF16 values come as their 16
 * bits in a {@code short[]}. "scale" sets {@code result[i] = c * x[i]}; "add" sets {@code result[i]
 * = fma(c, x[i], result[i])}. Implementations hold no state and may be shared by threads; they
 * throw {@link IndexOutOfBoundsException} for arrays shorter than {@code n}.
 */
public interface Kernel {
  /** The fastest implementation that this JVM can run. */
  static Kernel best() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new PlainKernel();
    }
    try {
      // by name, so that this class loads where the module is absent
      return Class.forName("bmr.kernel.VectorKernel")
          .asSubclass(Kernel.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /** What people read about it, such as {@code Vector API, 512 bits}. */
  String description();

  // Single precision: for outputs in F16 and BF16.

  void scaleF16(short[] bits, int n, float coefficient, float[] result);

  void addF16(short[] bits, int n, float coefficient, float[] result);

  void scaleBF16(short[] bits, int n, float coefficient, float[] result);

  void addBF16(short[] bits, int n, float coefficient, float[] result);

  void scaleF32(float[] values, int n, float coefficient, float[] result);

  void addF32(float[] values, int n, float coefficient, float[] result);

  /** The product is formed in double precision and rounded to float. */
  void scaleF64(double[] values, int n, double coefficient, float[] result);

  /** The sum is formed by a fused multiply-add in double precision and rounded to float. */
  void addF64(double[] values, int n, double coefficient, float[] result);

  /**
   * The weighted sum of several blocks in one go, with the bits that one {@link #scaleF16} for the
   * first block and {@link #addF16} for the others in order give.
   *
   * @param bits the blocks; the first {@code terms} count
   * @param coefficients one for each block
   * @param terms how many blocks; at least 1
   */
  void combineF16(short[][] bits, float[] coefficients, int terms, int n, float[] result);

  /** As {@link #combineF16}, for BF16. */
  void combineBF16(short[][] bits, float[] coefficients, int terms, int n, float[] result);

  // Double precision: for outputs in F32 and F64, methods and reductions.

  void scaleF16(short[] bits, int n, double coefficient, double[] result);

  void addF16(short[] bits, int n, double coefficient, double[] result);

  void scaleBF16(short[] bits, int n, double coefficient, double[] result);

  void addBF16(short[] bits, int n, double coefficient, double[] result);

  void scaleF32(float[] values, int n, double coefficient, double[] result);

  void addF32(float[] values, int n, double coefficient, double[] result);

  void scaleF64(double[] values, int n, double coefficient, double[] result);

  void addF64(double[] values, int n, double coefficient, double[] result);

  // The 8-bit float types, as codes.

  void scaleF8(Float8 type, byte[] codes, int n, double coefficient, double[] result);

  void addF8(Float8 type, byte[] codes, int n, double coefficient, double[] result);

  // Encoding: one rounding, to nearest, ties to even. A double goes to F16 and BF16 without the
  // detour over float, which would round twice.

  void encodeF16(float[] values, int n, short[] bits);

  void encodeBF16(float[] values, int n, short[] bits);

  void encodeF16(double[] values, int n, short[] bits);

  void encodeBF16(double[] values, int n, short[] bits);

  void encodeF32(double[] values, int n, float[] result);

  /** Values beyond the type's range become infinite or NaN, as {@link Float8} says. */
  void encodeF8(Float8 type, double[] values, int n, byte[] codes);

  // Checks on encoded values.

  /** How many of the values are NaN or infinite. */
  int countNonFiniteF16(short[] bits, int n);

  int countNonFiniteBF16(short[] bits, int n);

  int countNonFiniteF8(Float8 type, byte[] codes, int n);

  int countNonFinite(float[] values, int n);

  int countNonFinite(double[] values, int n);

  // Reductions, in double precision with a fixed order of additions.

  /** Inner products of two blocks; blocks of one tensor are added with {@link Products#plus}. */
  Products products(double[] left, double[] right, int n);

  /** The same for floats, each widened to double first. */
  Products products(float[] left, float[] right, int n);

  /**
   * Adds the inner products of one block of several operands to those of earlier blocks.
   *
   * @param operands a block for each operand; the first {@code count} count
   * @param upperTriangle ⟨0,0⟩, ⟨0,1⟩, ... ⟨0,count−1⟩, ⟨1,1⟩, ...: count·(count+1)/2 sums
   */
  void gram(double[][] operands, int count, int n, double[] upperTriangle);

  // The same spread over lanes, so that a long block can come in parts: element i of a part goes to
  // lane i mod 16. Every part but the last must have a multiple of 16 elements.

  /** Lanes of one sum. */
  int LANES = 16;

  /**
   * Adds the products of some operands with each other and with those before them.
   *
   * @param operands a block for each operand; the first {@code count} count
   * @param known operands whose products with each other are not wanted: the first so many
   * @param lanes column after column of the upper triangle, from the column {@code known} on: the
   *     product of row and column at {@link #LANES} · (column·(column+1)/2 + row −
   *     known·(known+1)/2)
   */
  default void addGram(double[][] operands, int known, int count, int n, double[] lanes) {
    int at = 0;
    for (int column = known; column < count; column++) {
      for (int row = 0; row <= column; row++) {
        LaneSums.addInner(operands[row], operands[column], 0, n, lanes, at);
        at += LANES;
      }
    }
  }

  /** Adds the values to the lanes from {@code at} on. */
  default void addSums(double[] values, int n, double[] lanes, int at) {
    for (int i = 0; i < n; i++) {
      lanes[at + i % LANES] += values[i];
    }
  }

  /** Sets {@code values[i] = values[i] - origin[i]}. */
  default void subtract(double[] origin, int n, double[] values) {
    for (int i = 0; i < n; i++) {
      values[i] -= origin[i];
    }
  }

  /** The sum of the lanes from {@code at} on. */
  static double laneTotal(double[] lanes, int at) {
    return LaneSums.total(java.util.Arrays.copyOfRange(lanes, at, at + LANES));
  }

  /**
   * Inner products and squared distance.
   *
   * @param leftLeft ⟨a,a⟩
   * @param leftRight ⟨a,b⟩
   * @param rightRight ⟨b,b⟩
   * @param distance ⟨a−b,a−b⟩
   */
  record Products(double leftLeft, double leftRight, double rightRight, double distance) {
    public static final Products ZERO = new Products(0, 0, 0, 0);

    public Products plus(Products other) {
      return new Products(
          leftLeft + other.leftLeft,
          leftRight + other.leftRight,
          rightRight + other.rightRight,
          distance + other.distance);
    }

    /** Cosine similarity; 1 for two zero vectors, 0 where only one is zero. */
    public double cosine() {
      if (leftLeft == 0 || rightRight == 0) {
        return leftLeft == rightRight ? 1 : 0;
      }
      return leftRight / (Math.sqrt(leftLeft) * Math.sqrt(rightRight));
    }
  }
}
