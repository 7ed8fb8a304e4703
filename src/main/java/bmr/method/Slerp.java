package bmr.method;

import bmr.model.MethodSignature;
import bmr.model.MethodSignature.MissingOperand;
import bmr.model.MethodSignature.Parameter;
import bmr.model.MethodSignature.Shortcut;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * Spherical linear interpolation over the whole tensor: the direction goes along the great circle
 * from A's to B's, the length goes linearly from A's to B's.
 *
 * <pre>
 * ω = arccos(⟨A,B⟩ / (‖A‖·‖B‖))
 * result = ((1−t)·‖A‖ + t·‖B‖) · (sin((1−t)·ω)·A/‖A‖ + sin(t·ω)·B/‖B‖) / sin ω
 * </pre>
 *
 * <p>t = 0 gives A and t = 1 gives B exactly. The plain weight sum (1−t)·A + t·B takes over where
 * the formula says nothing: A or B is zero; A and B are parallel (there it is the formula's limit);
 * they are antiparallel or nearly so (a cosine below −0.9995), where every great circle is as good
 * as another and the coefficients grow without bound; the inner products are not finite.
 *
 * <p>Source: Ken Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985, for unit
 * vectors; interpolated length and the weight sum as fallback as in sd-mecha's {@code slerp}. The
 * bound on the cosine is mergekit's, which uses it on both sides and interpolates A and B
 * themselves, so that its length sags or swells between tensors of different length.
 */
final class Slerp implements MergeMethod.AfterProducts {
  private static final double ANTIPARALLEL = -0.9995;

  private static final MethodSignature SIGNATURE =
      new MethodSignature(
          "slerp",
          List.of("A", "B"),
          List.of(new Parameter("t", Optional.empty())),
          MissingOperand.FIRST_PRESENT,
          List.of(new Shortcut(0, BigDecimal.ZERO, 0), new Shortcut(0, BigDecimal.ONE, 1)),
          "From A (t = 0) to B (t = 1) along the arc between their directions");

  @Override
  public MethodSignature signature() {
    return SIGNATURE;
  }

  @Override
  public double[] coefficients(double[][] products, double[] parameters) {
    double t = parameters[0];
    double[] weightSum = {1 - t, t};
    if (t == 0 || t == 1) {
      return weightSum;
    }
    double lengthA = Math.sqrt(products[0][0]);
    double lengthB = Math.sqrt(products[1][1]);
    double cosine = products[0][1] / lengthA / lengthB;
    // false for NaN, which zero and non-finite tensors give; rounding may exceed 1
    boolean defined = cosine >= ANTIPARALLEL && cosine < 1;
    if (!defined || Double.isInfinite(lengthA) || Double.isInfinite(lengthB)) {
      return weightSum;
    }
    double angle = StrictMath.acos(cosine);
    double scale = ((1 - t) * lengthA + t * lengthB) / StrictMath.sin(angle);
    return new double[] {
      scale * StrictMath.sin((1 - t) * angle) / lengthA, scale * StrictMath.sin(t * angle) / lengthB
    };
  }
}
