package bmr.diagnostic;

/** Coefficient sums: models, differences, and what is neither. */
public sealed interface SumProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements SumProblem {
    @Override
    public String code() {
      return "BMR0300";
    }
  }
}
