package bmr.diagnostic;

import java.util.Optional;

/**
 * Something a person should know or put right, as a typed value with a stable code. Codes: {@code
 * BMR00xx} syntax, {@code 01xx} names and definitions, {@code 02xx} weights, {@code 03xx}
 * coefficient sums, {@code 04xx} files, {@code 05xx} merging, {@code 06xx} running and writing,
 * {@code 07xx} importing, {@code 08xx} export.
 */
public sealed interface Problem
    permits SyntaxProblem,
        RequestProblem,
        NameProblem,
        PartProblem,
        ReferenceProblem,
        LibraryProblem,
        WeightProblem,
        SumProblem,
        FileProblem,
        ExpectationProblem,
        FitProblem,
        PickleProblem,
        MergeProblem,
        RunProblem,
        LayoutProblem,
        LoraProblem,
        ImportProblem,
        ExportProblem,
        TraceProblem {
  /** The stable code, such as {@code BMR0102}. */
  String code();

  /** How much it matters. */
  default Severity severity() {
    return Severity.ERROR;
  }

  /** One sentence without full stop, names in backquotes. */
  String message();

  /** What to do about it, in words or as text that can be pasted. */
  default Optional<String> hint() {
    return Optional.empty();
  }
}
