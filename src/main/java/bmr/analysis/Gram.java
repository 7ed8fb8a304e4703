package bmr.analysis;

import java.util.List;

/**
 * Sums and inner products of n sources over some elements, relative to an origin o. With d_i = x_i
 * − o: ⟨d_i,d_j⟩, ⟨o,d_i⟩, ⟨o,o⟩, Σ d_i, Σ o.
 */
public final class Gram {
  private long elements;
  private double originSum;
  private double originOrigin;
  private final double[] sums;
  private final double[] originDifference;
  private final double[][] differences;

  Gram(int sources) {
    sums = new double[sources];
    originDifference = new double[sources];
    differences = new double[sources][sources];
  }

  /** Adds the numbers of a tensor as {@link InnerProductTable} keeps them. */
  void add(InnerProductTable.Tensor tensor, double[] sum, double[] product) {
    elements += tensor.elements();
    originSum += sum[0];
    originOrigin += product[0];
    List<Integer> holders = tensor.holders();
    for (int column = 1; column < holders.size(); column++) {
      int j = holders.get(column);
      sums[j] += sum[column];
      originDifference[j] += product[InnerProductTable.pair(0, column)];
      for (int row = 1; row <= column; row++) {
        int i = holders.get(row);
        double value = product[InnerProductTable.pair(row, column)];
        differences[i][j] += value;
        if (i != j) {
          differences[j][i] += value;
        }
      }
    }
  }

  public int sources() {
    return sums.length;
  }

  public long elements() {
    return elements;
  }

  /** ⟨d_i,d_j⟩. */
  public double difference(int i, int j) {
    return differences[i][j];
  }

  /** ⟨o,d_i⟩. */
  public double originDifference(int i) {
    return originDifference[i];
  }

  /** ⟨o,o⟩. */
  public double originOrigin() {
    return originOrigin;
  }

  /**
   * ⟨Σ a_i x_i, Σ b_i x_i⟩. For coefficients that sum to 0, such as those of a difference of two
   * models, the origin drops out and no digits are lost.
   *
   * @param a a coefficient for each source
   * @param b likewise
   */
  public double product(double[] a, double[] b) {
    double sumA = 0;
    double sumB = 0;
    double crossA = 0;
    double crossB = 0;
    double inner = 0;
    for (int i = 0; i < sums.length; i++) {
      sumA += a[i];
      sumB += b[i];
      if (b[i] != 0) {
        crossB = Math.fma(b[i], originDifference[i], crossB);
      }
      if (a[i] != 0) {
        crossA = Math.fma(a[i], originDifference[i], crossA);
        double row = 0;
        for (int j = 0; j < sums.length; j++) {
          if (b[j] != 0) {
            row = Math.fma(differences[i][j], b[j], row);
          }
        }
        inner = Math.fma(a[i], row, inner);
      }
    }
    return sumA * sumB * originOrigin + sumA * crossB + sumB * crossA + inner;
  }

  /** The sum of the elements of Σ a_i x_i. */
  public double sum(double[] a) {
    double total = 0;
    double differences = 0;
    for (int i = 0; i < sums.length; i++) {
      total += a[i];
      if (a[i] != 0) {
        differences = Math.fma(a[i], sums[i], differences);
      }
    }
    return total * originSum + differences;
  }
}
