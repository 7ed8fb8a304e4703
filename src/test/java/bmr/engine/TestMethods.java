package bmr.engine;

import bmr.method.MergeMethod;
import bmr.model.MethodSignature;
import bmr.model.MethodSignature.MissingOperand;
import java.util.List;
import java.util.Optional;

/** Methods whose values are easy to compute twice. */
final class TestMethods {
  private TestMethods() {}

  private static MethodSignature signature(String name, String... operands) {
    return new MethodSignature(
        name,
        List.of(operands),
        List.of(new MethodSignature.Parameter("p", Optional.empty())),
        MissingOperand.FIRST_PRESENT,
        "");
  }

  /** {@code a + p · a · b}. */
  static final MergeMethod.Pointwise POINTWISE =
      new MergeMethod.Pointwise() {
        @Override
        public MethodSignature signature() {
          return TestMethods.signature("pointwise", "a", "b");
        }

        @Override
        public void apply(double[][] operands, double[] parameters, int n, double[] result) {
          for (int i = 0; i < n; i++) {
            result[i] = operands[0][i] + parameters[0] * operands[0][i] * operands[1][i];
          }
        }
      };

  /** {@code p · a + ⟨a,b⟩/⟨b,b⟩ · b}, three operands of which the last counts for nothing. */
  static final MergeMethod.AfterProducts PROJECTED =
      new MergeMethod.AfterProducts() {
        @Override
        public MethodSignature signature() {
          return TestMethods.signature("projected", "a", "b", "c");
        }

        @Override
        public double[] coefficients(double[][] products, double[] parameters) {
          double bb = products[1][1];
          return new double[] {parameters[0], bb == 0 ? 0 : products[0][1] / bb, 0};
        }
      };

  /** Its second operand. */
  static final MergeMethod.AfterProducts SECOND =
      new MergeMethod.AfterProducts() {
        @Override
        public MethodSignature signature() {
          return TestMethods.signature("second", "a", "b");
        }

        @Override
        public double[] coefficients(double[][] products, double[] parameters) {
          return new double[] {0, 1};
        }
      };

  static MergeMethod named(String name) {
    return switch (name) {
      case "pointwise" -> POINTWISE;
      case "projected" -> PROJECTED;
      case "second" -> SECOND;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
