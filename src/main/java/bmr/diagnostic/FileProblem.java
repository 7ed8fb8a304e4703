package bmr.diagnostic;

/** Files that are no models, or damaged ones. */
public sealed interface FileProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements FileProblem {
    @Override
    public String code() {
      return "BMR0400";
    }
  }
}
