package bmr.graph;

/** A number that depends on unknowns, with its derivatives by each of them. */
public final class Gradient {
  private final double value;
  private final double[] derivatives;

  Gradient(double value, double[] derivatives) {
    this.value = value;
    this.derivatives = derivatives;
  }

  public double value() {
    return value;
  }

  /** The derivative by an unknown. */
  public double by(int unknown) {
    return derivatives[unknown];
  }

  int unknowns() {
    return derivatives.length;
  }

  /** {@code p·this + q·other}; the rule for sums, and with the values for products. */
  Gradient combined(double combined, double p, Gradient other, double q) {
    var sum = new double[derivatives.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = p * derivatives[i] + q * other.derivatives[i];
    }
    return new Gradient(combined, sum);
  }

  /** Whether no unknown changes the number. */
  boolean isConstant() {
    for (double derivative : derivatives) {
      if (derivative != 0) {
        return false;
      }
    }
    return true;
  }
}
