package bmr.diagnostic;

import java.util.Optional;

/** Slips of people who come from programming languages, shells and web pages. */
public sealed interface SlipProblem extends SyntaxProblem {
  /** {@code M A x 0.5}: a name, then a formula, and nothing between them. */
  record EqualsMissing(String name, String formula) implements SlipProblem {
    @Override
    public String code() {
      return "BMR0170";
    }

    @Override
    public String message() {
      return "nothing says what `" + name + " " + formula + "` makes";
    }

    @Override
    public Optional<String> hint() {
      String first = formula.split(" ", 2)[0];
      return Optional.of(
          "write `%s = %s`; or quote `\"%s %s\"` if that is one name, and name the result: `R = ...`"
              .formatted(name, formula, name, first));
    }
  }

  /**
   * An operator of other languages.
   *
   * @param advice what to write instead
   */
  record ForeignOperator(String operator, String advice) implements SlipProblem {
    @Override
    public String code() {
      return "BMR0171";
    }

    @Override
    public String message() {
      return "`" + operator + "` is no operator here";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(advice);
    }
  }

  /**
   * A second statement in one line.
   *
   * @param beginning its first words
   */
  record SecondStatement(String beginning) implements SlipProblem {
    @Override
    public String code() {
      return "BMR0172";
    }

    @Override
    public String message() {
      return "`" + beginning + "` begins another statement in the same line";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("begin a new line with `" + beginning + "`");
    }
  }

  /** A percent sign behind something else than a number. */
  record PercentOfNoNumber(String operand) implements SlipProblem {
    @Override
    public String code() {
      return "BMR0173";
    }

    @Override
    public String message() {
      return "`%` can stand only behind a number";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + operand + " / 100`, or `50%` for a half");
    }
  }

  /**
   * {@code SD//base}: what stands behind the sign would silently be a comment.
   *
   * @param sign {@code //} or {@code #}
   * @param word with the sign and what is glued to it
   */
  record CommentInWord(String sign, String word) implements SlipProblem {
    @Override
    public String code() {
      return "BMR0174";
    }

    @Override
    public String message() {
      return "`" + sign + "` in the middle of `" + word + "` would begin a comment";
    }

    @Override
    public Optional<String> hint() {
      if (word.startsWith("http")) {
        return Optional.of(
            "bmr downloads nothing: fetch the file and write its name; a file of the Hugging Face"
                + " hub is `hf:owner/repo/file.safetensors`");
      }
      return Optional.of(
          "write `\"%s\"` if that is a name, or a blank in front of a comment".formatted(word));
    }
  }
}
