package bmr.diagnostic;

/** Models that do not go together. */
public sealed interface MergeProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0500";
    }
  }
}
