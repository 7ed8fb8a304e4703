package bmr.method;

import bmr.model.MethodSignature;
import bmr.model.MethodSignature.MissingOperand;
import bmr.model.MethodSignature.Parameter;
import bmr.model.MethodSignature.Shortcut;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * SuperMerger's "trainDifference": an add difference that is held back where A is close to B
 * already, as if the difference had been trained into A.
 *
 * <pre>
 * result = A + 1.8·alpha · |B−A| / (|B−A| + |B−C|) · (B−C)
 * </pre>
 *
 * <p>Each element by itself. Where B equals C, and so wherever the denominator is 0, the result is
 * A exactly. SuperMerger writes the last factor as sign(B−C)·|B−C| and computes in single
 * precision.
 *
 * <p>Source: calculation mode {@code trainDifference} of sd-webui-supermerger (hako-mikan), {@code
 * scripts/mergers/mergers.py}.
 */
final class TrainDifference implements MergeMethod.Pointwise {
  /** SuperMerger's constant. */
  private static final double STRENGTH = 1.8;

  private static final MethodSignature SIGNATURE =
      new MethodSignature(
          "trainDifference",
          List.of("A", "B", "C"),
          List.of(new Parameter("alpha", Optional.of(BigDecimal.ONE))),
          MissingOperand.FIRST_OPERAND,
          List.of(new Shortcut(0, BigDecimal.ZERO, 0)),
          "A plus the difference B - C, weaker where A is close to B already");

  @Override
  public MethodSignature signature() {
    return SIGNATURE;
  }

  @Override
  public void apply(double[][] operands, double[] parameters, int n, double[] result) {
    double[] a = operands[0];
    double[] b = operands[1];
    double[] c = operands[2];
    double strength = STRENGTH * parameters[0];
    for (int i = 0; i < n; i++) {
      double difference = b[i] - c[i];
      double distance = Math.abs(b[i] - a[i]);
      double ratio = distance / (distance + Math.abs(difference));
      // the test also keeps the sign of a zero in A
      result[i] = difference == 0 ? a[i] : a[i] + strength * ratio * difference;
    }
  }
}
