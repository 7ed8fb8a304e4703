package bmr.diagnostic;

import java.util.List;
import java.util.Optional;

/** What recipes expect and require of their models. */
public sealed interface ExpectationProblem extends Problem {
  /** A measure that there is not. */
  record UnknownMeasure(String word, Optional<String> meant, List<String> measures)
      implements ExpectationProblem {
    public UnknownMeasure {
      measures = List.copyOf(measures);
    }

    @Override
    public String code() {
      return "BMR0820";
    }

    @Override
    public String message() {
      return "no measure is called `" + word + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          meant
              .map(measure -> "did you mean `" + measure + "`?")
              .orElse("there are " + String.join(", ", measures)));
    }
  }

  /** A measure relative to a base, and no base. */
  record NoBase(String measure) implements ExpectationProblem {
    @Override
    public String code() {
      return "BMR0821";
    }

    @Override
    public String message() {
      return "`" + measure + "` needs a base";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `relative to NAME` behind the bracket");
    }
  }

  /** A base, and a measure that is not relative to any. */
  record NotRelative(String measure) implements ExpectationProblem {
    @Override
    public String code() {
      return "BMR0822";
    }

    @Override
    public String message() {
      return "`" + measure + "` is not relative to a base";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`cosine` and `distance` are; or leave out `relative to`");
    }
  }

  /** A limit that no cosine reaches. */
  record LimitOutside(String measure, String limit, boolean percentage)
      implements ExpectationProblem {
    @Override
    public String code() {
      return "BMR0823";
    }

    @Override
    public String message() {
      return "`" + measure + "` is always between -1 and 1, that is -100% and 100%";
    }

    @Override
    public Optional<String> hint() {
      return percentage ? Optional.empty() : Optional.of("did you mean `" + limit + "%`?");
    }
  }

  /** Models without a tensor that both have, where they are to be compared. */
  record NothingCompared(String statement) implements ExpectationProblem {
    @Override
    public String code() {
      return "BMR0824";
    }

    @Override
    public String message() {
      return "the models of `" + statement + "` have no tensor in common there";
    }
  }

  /**
   * An expectation that does not hold.
   *
   * @param value as people read it
   */
  record Unmet(String statement, String value, boolean required) implements ExpectationProblem {
    @Override
    public String code() {
      return "BMR0825";
    }

    @Override
    public String message() {
      return "`" + statement + "` does not hold: it is " + value;
    }

    @Override
    public Optional<String> hint() {
      return required ? Optional.of("nothing was written") : Optional.empty();
    }
  }
}
