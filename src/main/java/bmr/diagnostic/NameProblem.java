package bmr.diagnostic;

/** Names, definitions and files that names stand for. */
public sealed interface NameProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements NameProblem {
    @Override
    public String code() {
      return "BMR0100";
    }
  }
}
