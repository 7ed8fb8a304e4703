package bmr.method;

import bmr.model.Adjustment;
import bmr.model.MethodSignature;

/**
 * Adds a number to each of the four channels of the last bias, as {@code adjust} asks for. No
 * script calls it by name.
 */
final class ChannelShift implements MergeMethod.Pointwise {
  @Override
  public MethodSignature signature() {
    return Adjustment.SHIFT;
  }

  @Override
  public void apply(double[][] operands, double[] parameters, int n, double[] result) {
    for (int i = 0; i < n; i++) {
      result[i] = operands[0][i] + parameters[i % parameters.length];
    }
  }
}
