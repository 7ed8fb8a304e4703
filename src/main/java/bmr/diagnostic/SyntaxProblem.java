package bmr.diagnostic;

/** What the text itself says wrongly. */
public sealed interface SyntaxProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements SyntaxProblem {
    @Override
    public String code() {
      return "BMR0000";
    }
  }
}
