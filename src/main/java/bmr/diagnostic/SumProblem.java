package bmr.diagnostic;

import java.util.Optional;

/** Coefficient sums: models (1), differences (0), and what is neither. */
public sealed interface SumProblem extends Problem {
  /** A definition whose coefficients add up to neither 1 nor 0. */
  record NeitherModelNorDifference(String name, String sum, String blocks, Optional<String> hint)
      implements SumProblem {
    @Override
    public String code() {
      return "BMR0301";
    }

    @Override
    public String message() {
      return "the weights of `"
          + name
          + "` add up to "
          + sum
          + (blocks.isEmpty() ? "" : " in " + blocks)
          + ", so it is neither a model (1) nor a difference (0)";
    }
  }

  /** A sum without a coefficient, which people write for different things. */
  record NoCoefficient(String left, String right) implements SumProblem {
    @Override
    public String code() {
      return "BMR0302";
    }

    @Override
    public String message() {
      return "`" + left + " + " + right + "` does not say how much of each";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "a weight sum is `"
              + left
              + " x 0.5 + "
              + right
              + " x 0.5`, add difference is `"
              + left
              + " + ("
              + right
              + " - base) x 1`");
    }
  }

  /** Nearly 1: thirds written with few digits. */
  record NearlyOne(String name, String sum, String blocks, Optional<String> hint)
      implements SumProblem {
    @Override
    public String code() {
      return "BMR0303";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "the weights of `"
          + name
          + "` add up to "
          + sum
          + (blocks.isEmpty() ? "" : " in " + blocks)
          + ", not quite 1";
    }
  }

  /** Neither 1 nor 0, and the script says that this is meant. */
  record SumAllowed(String name, String sum, String blocks) implements SumProblem {
    @Override
    public String code() {
      return "BMR0307";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "the weights of `"
          + name
          + "` add up to "
          + sum
          + (blocks.isEmpty() ? "" : " in " + blocks)
          + ", which the script allows";
    }
  }

  /** Alternatives of {@code |} that are not all models, or not all differences. */
  record FallbackKinds(String first, String second) implements SumProblem {
    @Override
    public String code() {
      return "BMR0308";
    }

    @Override
    public String message() {
      return "the weights on the sides of `|` add up to " + first + " and to " + second;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("one stands in for the other, so both must be models or both differences");
    }
  }

  /** A difference that would be written as if it were a model. */
  record SavesDifference(String name, String blocks) implements SumProblem {
    @Override
    public String code() {
      return "BMR0304";
    }

    @Override
    public String message() {
      return "`"
          + name
          + "` is a difference"
          + (blocks.isEmpty() ? "" : " in " + blocks)
          + ", not a model";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("save it `as difference` if that is meant, or add it to a model first");
    }
  }

  /** An operand of a method that is no model. */
  record OperandNoModel(String method, String operand, String sum) implements SumProblem {
    @Override
    public String code() {
      return "BMR0305";
    }

    @Override
    public String message() {
      return "`" + method + "` needs a model as " + operand + ", but its weights add up to " + sum;
    }
  }

  /** A form with {@code @} that people write for different things. */
  record AmbiguousAt(String weighted, String added) implements SumProblem {
    @Override
    public String code() {
      return "BMR0306";
    }

    @Override
    public String message() {
      return "`@` has two readings here";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + weighted + "` or `" + added + "`");
    }
  }
}
