package bmr.diagnostic;

import java.util.Locale;
import java.util.Optional;

/** Targets, space, memory, values that do not fit. */
public sealed interface RunProblem extends Problem {
  /** Placeholder until the first real one stands. */
  record Unspecified(String message) implements RunProblem {
    @Override
    public String code() {
      return "BMR0600";
    }
  }

  /** A memory limit below what one unit of work takes; both in bytes. */
  record MemoryTooSmall(long limit, long minimum) implements RunProblem {
    @Override
    public String code() {
      return "BMR0620";
    }

    @Override
    public String message() {
      return "%s of memory are too little: this run needs at least %s"
          .formatted(kibibytes(limit), kibibytes(minimum));
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("give `--memory " + (minimum + 1023) / 1024 + "K` or more");
    }

    private static String kibibytes(long bytes) {
      return String.format(Locale.ROOT, "%,d KiB", (bytes + 1023) / 1024);
    }
  }

  /** A target that is one of the files that are read, perhaps by a link. */
  record TargetIsSource(String target, String source) implements RunProblem {
    @Override
    public String code() {
      return "BMR0621";
    }

    @Override
    public String message() {
      return "`%s` is the file of `%s`, which this run reads".formatted(target, source);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("give the result another name; sources are never overwritten");
    }
  }

  /** A source that could be opened but not read to the end. */
  record SourceUnreadable(String file, String reason) implements RunProblem {
    @Override
    public String code() {
      return "BMR0622";
    }

    @Override
    public String message() {
      return "`%s` cannot be read any more: %s".formatted(file, reason);
    }
  }

  /** Writing that failed on the way. */
  record WriteFailed(String target, String reason) implements RunProblem {
    @Override
    public String code() {
      return "BMR0623";
    }

    @Override
    public String message() {
      return "`%s` cannot be written: %s".formatted(target, reason);
    }
  }

  /** Values that the output's type does not hold. */
  record NonFinite(String tensor, long values, String dtype) implements RunProblem {
    @Override
    public String code() {
      return "BMR0624";
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "`%s` would hold %,d %s NaN, infinite or too large for %s",
          tensor,
          values,
          values == 1 ? "value that is" : "values that are",
          dtype);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          dtype.equals("F16")
              ? "`--allow-nan` writes them all the same; `bf16` and `f32` hold larger values"
              : "`--allow-nan` writes them all the same");
    }
  }
}
