package bmr.diagnostic;

import java.util.List;
import java.util.stream.Collectors;

/** Carries problems out of deep code to whoever reports them; never a fault of the program. */
public final class ProblemException extends RuntimeException {
  private final transient List<Diagnostic> diagnostics;

  public ProblemException(List<Diagnostic> diagnostics) {
    super(
        diagnostics.stream().map(d -> d.problem().message()).collect(Collectors.joining("; ")),
        null,
        false,
        false);
    this.diagnostics = List.copyOf(diagnostics);
  }

  public ProblemException(Problem problem) {
    this(List.of(Diagnostic.of(problem)));
  }

  public ProblemException(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  /** At least one. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
