package bmr.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernel#addGram} in the Vector API, four rows by two columns at a time: eight sums stay in
 * registers while six operands are loaded, where pairs alone would load sixteen. Loaded by {@link
 * VectorKernel} only.
 */
final class GramTiles {
  // a constant of the class: the compiler makes vector code of no other
  private static final VectorSpecies<Double> DOUBLES = VectorKernel.DOUBLES;
  private static final int ROWS = 4;
  private static final int LANES = Kernel.LANES;

  private GramTiles() {}

  static void add(double[][] operands, int known, int count, int n, double[] lanes) {
    int rows = n - n % LANES;
    int spare = triangle(count) - triangle(known);
    // sums that nobody wants go behind the others
    double[] sums = new double[2 * ROWS * LANES];
    int[] targets = new int[2 * ROWS];
    for (int column = known; column < count; column += 2) {
      int second = Math.min(column + 1, count - 1);
      for (int row = 0; row <= second; row += ROWS) {
        for (int k = 0; k < 2 * ROWS; k++) {
          int r = row + k % ROWS;
          int c = column + k / ROWS;
          boolean wanted = r <= c && c < count;
          targets[k] = wanted ? triangle(c) + r - triangle(known) : spare;
          if (wanted) {
            System.arraycopy(lanes, targets[k] * LANES, sums, k * LANES, LANES);
          }
        }
        double[] a0 = operands[row];
        double[] a1 = operands[Math.min(row + 1, count - 1)];
        double[] a2 = operands[Math.min(row + 2, count - 1)];
        double[] a3 = operands[Math.min(row + 3, count - 1)];
        for (int lane = 0; lane < LANES; lane += DOUBLES.length()) {
          tile(a0, a1, a2, a3, operands[column], operands[second], lane, rows, sums);
        }
        for (int k = 0; k < 2 * ROWS; k++) {
          if (targets[k] != spare) {
            double[] left = operands[row + k % ROWS];
            double[] right = operands[column + k / ROWS];
            LaneSums.addInner(left, right, rows, n, sums, k * LANES);
            System.arraycopy(sums, k * LANES, lanes, targets[k] * LANES, LANES);
          }
        }
      }
    }
  }

  private static int triangle(int operands) {
    return operands * (operands + 1) / 2;
  }

  private static void tile(
      double[] a0,
      double[] a1,
      double[] a2,
      double[] a3,
      double[] b0,
      double[] b1,
      int lane,
      int rows,
      double[] sums) {
    DoubleVector sum00 = DoubleVector.fromArray(DOUBLES, sums, lane);
    DoubleVector sum10 = DoubleVector.fromArray(DOUBLES, sums, lane + LANES);
    DoubleVector sum20 = DoubleVector.fromArray(DOUBLES, sums, lane + 2 * LANES);
    DoubleVector sum30 = DoubleVector.fromArray(DOUBLES, sums, lane + 3 * LANES);
    DoubleVector sum01 = DoubleVector.fromArray(DOUBLES, sums, lane + 4 * LANES);
    DoubleVector sum11 = DoubleVector.fromArray(DOUBLES, sums, lane + 5 * LANES);
    DoubleVector sum21 = DoubleVector.fromArray(DOUBLES, sums, lane + 6 * LANES);
    DoubleVector sum31 = DoubleVector.fromArray(DOUBLES, sums, lane + 7 * LANES);
    for (int i = lane; i < rows; i += LANES) {
      DoubleVector left = DoubleVector.fromArray(DOUBLES, b0, i);
      DoubleVector right = DoubleVector.fromArray(DOUBLES, b1, i);
      DoubleVector value = DoubleVector.fromArray(DOUBLES, a0, i);
      sum00 = value.fma(left, sum00);
      sum01 = value.fma(right, sum01);
      value = DoubleVector.fromArray(DOUBLES, a1, i);
      sum10 = value.fma(left, sum10);
      sum11 = value.fma(right, sum11);
      value = DoubleVector.fromArray(DOUBLES, a2, i);
      sum20 = value.fma(left, sum20);
      sum21 = value.fma(right, sum21);
      value = DoubleVector.fromArray(DOUBLES, a3, i);
      sum30 = value.fma(left, sum30);
      sum31 = value.fma(right, sum31);
    }
    sum00.intoArray(sums, lane);
    sum10.intoArray(sums, lane + LANES);
    sum20.intoArray(sums, lane + 2 * LANES);
    sum30.intoArray(sums, lane + 3 * LANES);
    sum01.intoArray(sums, lane + 4 * LANES);
    sum11.intoArray(sums, lane + 5 * LANES);
    sum21.intoArray(sums, lane + 6 * LANES);
    sum31.intoArray(sums, lane + 7 * LANES);
  }
}
