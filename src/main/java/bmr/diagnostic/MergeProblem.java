package bmr.diagnostic;

import java.util.Optional;

/** Models that do not go together. */
public sealed interface MergeProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0500";
    }
  }

  /** A source whose tensor has another shape than the result. */
  record ShapeMismatch(String tensor, String source, String held, String needed)
      implements MergeProblem {
    @Override
    public String code() {
      return "BMR0550";
    }

    @Override
    public String message() {
      return "`%s` has the shape %s in `%s`, where %s is needed"
          .formatted(tensor, held, source, needed);
    }
  }

  /** A source whose tensor has a type that bmr does not compute with. */
  record TypeNotComputable(String tensor, String source, String dtype) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0551";
    }

    @Override
    public String message() {
      return "`%s` is stored as %s in `%s`, which bmr cannot blend"
          .formatted(tensor, dtype, source);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("convert the file to F16, BF16, F32 or F64 first");
    }
  }
}
