package bmr.diagnostic;

/** Targets, space, memory, values that do not fit. */
public sealed interface RunProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements RunProblem {
    @Override
    public String code() {
      return "BMR0600";
    }
  }
}
