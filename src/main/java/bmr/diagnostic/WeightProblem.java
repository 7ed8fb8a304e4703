package bmr.diagnostic;

/** Weights, lists of weights, presets, parameters. */
public sealed interface WeightProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0200";
    }
  }
}
