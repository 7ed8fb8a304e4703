package bmr.kernel;

import bmr.kernel.Kernel.Products;

/**
 * The fixed structure of every reduction: element i belongs to lane i mod 16; each lane is summed
 * in the order of its elements with fused multiply-adds; the lanes are added in halves. It fits
 * vectors of 2, 4 and 8 doubles, so that machines with different vectors get the same bits.
 */
final class LaneSums {
  static final int LANES = Kernel.LANES;

  final double[] leftLeft = new double[LANES];
  final double[] leftRight = new double[LANES];
  final double[] rightRight = new double[LANES];
  final double[] distance = new double[LANES];

  /** Adds the elements from {@code from}, a multiple of 16, to before {@code to}. */
  void add(double[] left, double[] right, int from, int to) {
    int start = from;
    for (; start + LANES <= to; start += LANES) {
      addRow(left, right, start, LANES);
    }
    addRow(left, right, start, to - start);
  }

  private void addRow(double[] left, double[] right, int start, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      double a = left[start + lane];
      double b = right[start + lane];
      double difference = a - b;
      leftLeft[lane] = Math.fma(a, a, leftLeft[lane]);
      leftRight[lane] = Math.fma(a, b, leftRight[lane]);
      rightRight[lane] = Math.fma(b, b, rightRight[lane]);
      distance[lane] = Math.fma(difference, difference, distance[lane]);
    }
  }

  /** Adds ⟨left, right⟩ alone, with the same structure. */
  static void addInner(double[] left, double[] right, int from, int to, double[] lanes) {
    addInner(left, right, from, to, lanes, 0);
  }

  /** The same to the lanes from {@code at} on. */
  static void addInner(double[] left, double[] right, int from, int to, double[] lanes, int at) {
    int start = from;
    for (; start + LANES <= to; start += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        lanes[at + lane] = Math.fma(left[start + lane], right[start + lane], lanes[at + lane]);
      }
    }
    for (int lane = 0; start + lane < to; lane++) {
      lanes[at + lane] = Math.fma(left[start + lane], right[start + lane], lanes[at + lane]);
    }
  }

  Products total() {
    return new Products(total(leftLeft), total(leftRight), total(rightRight), total(distance));
  }

  static double total(double[] lanes) {
    double[] sums = lanes.clone();
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        sums[lane] += sums[lane + half];
      }
    }
    return sums[0];
  }
}
