package bmr.diagnostic;

import java.util.Optional;

/** Signs, words, numbers and brackets that make no formula. */
public sealed interface FormulaProblem extends SyntaxProblem {
  /** A bracket without its partner, reported where it opens. */
  record UnclosedBracket(String opener) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0001";
    }

    @Override
    public String message() {
      return "`" + opener + "` is never closed";
    }

    @Override
    public Optional<String> hint() {
      String closer =
          switch (opener) {
            case "(" -> ")";
            case "[" -> "]";
            default -> "}";
          };
      return Optional.of("`" + closer + "` is missing before the end of the statement");
    }
  }

  /** A closer that fits no opener. */
  record UnmatchedCloser(String closer) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0002";
    }

    @Override
    public String message() {
      return "`" + closer + "` closes nothing";
    }
  }

  /** Two words side by side. */
  record BlanksInName(String name) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0003";
    }

    @Override
    public String message() {
      return "`" + name + "`: names with blanks need quotes";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `\"" + name + "\"`");
    }
  }

  /**
   * A name followed by a number: never a product, because published names end in numbers.
   *
   * @param name as written, with its quotes if it has some
   */
  record NameBeforeNumber(String name, String number) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0004";
    }

    @Override
    public String message() {
      return "`" + name + " " + number + "` can mean two things";
    }

    @Override
    public Optional<String> hint() {
      String product = "write `%s x %s` for a product".formatted(name, number);
      return Optional.of(
          name.startsWith("\"")
              ? product
              : product + ", or `\"%s %s\"` if that is the name".formatted(name, number));
    }
  }

  /** {@code 0,08}. */
  record DecimalComma(String written) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0005";
    }

    @Override
    public String message() {
      return "`" + written + "` has a comma where a number has a point";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + written.replace(',', '.') + "`");
    }
  }

  /** {@code (0 0.5 0.5)}. */
  record BlanksInList(String beginning) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0037";
    }

    @Override
    public String message() {
      return "the values of a list need commas between them";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + beginning + ", ...`");
    }
  }

  /** Quotes that the line does not close. */
  record UnclosedString() implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0006";
    }

    @Override
    public String message() {
      return "these quotes are not closed in their line";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("put `\"` behind the name");
    }
  }

  /** Brackets in brackets in brackets. */
  record TooDeep(int limit) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0008";
    }

    @Override
    public String message() {
      return "brackets are nested more than " + limit + " deep";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("give inner parts a name of their own");
    }
  }

  /** A character that means nothing. */
  record UnexpectedCharacter(String character) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0009";
    }

    @Override
    public String message() {
      return character.equals("`")
          ? "a backquote means nothing here"
          : "`" + character + "` means nothing here";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          switch (character) {
            case "'", "`", "‘", "’" -> "quotes are double: `\"NAME\"`";
            case ";" -> "a statement ends with its line: leave it out";
            default -> "names with other characters than letters, digits and `_ . -` need quotes";
          });
    }
  }

  /** An operator without operand. */
  record MissingOperand(String operator, Side side) implements FormulaProblem {
    /** Where the operand should stand. */
    public enum Side {
      BEFORE,
      BEHIND
    }

    @Override
    public String code() {
      return "BMR0010";
    }

    @Override
    public String message() {
      return switch (side) {
        case BEFORE -> "nothing stands before `" + operator + "`";
        case BEHIND -> "nothing stands behind `" + operator + "`";
      };
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          side == Side.BEHIND
              ? "write what belongs behind it, or leave it out"
              : "write what belongs before it, or leave it out");
    }
  }

  /** Two operands with nothing between them. */
  record MissingOperator(String left, String right) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0011";
    }

    @Override
    public String message() {
      return "an operator or a comma is missing between `" + left + "` and `" + right + "`";
    }

    @Override
    public Optional<String> hint() {
      boolean product = left.matches("[0-9.]+%?") && right.matches("[\\p{L}_\"].*");
      return product
          ? Optional.of("write `" + left + " x " + right + "` for a product")
          : Optional.empty();
    }
  }

  /** A number no weight can be. */
  record NumberOutOfRange(String start) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0016";
    }

    @Override
    public String message() {
      return "`" + start + "` is out of the range of numbers";
    }
  }

  /** {@code ()}. */
  record EmptyBrackets(String brackets) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0019";
    }

    @Override
    public String message() {
      return "nothing stands between `" + brackets + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write what belongs between them, or leave them out");
    }
  }

  /** {@code A | B + C}. */
  record MixedFallback() implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0020";
    }

    @Override
    public String message() {
      return "`|` beside another operator can mean two things";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("put brackets around one of them: `(A | B) x 0.5`");
    }
  }

  /** Anything else. */
  record Unexpected(String found, String instead) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0025";
    }

    @Override
    public String message() {
      return "`" + found + "` cannot stand here";
    }

    @Override
    public Optional<String> hint() {
      return instead.isEmpty() ? Optional.empty() : Optional.of(instead);
    }
  }

  /** {@code 0.25 (B - C)}. */
  record ImpliedProduct(String left, String right) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0030";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + left + "` beside `" + right + "` is read as a product";
    }
  }

  /** No formula at all. */
  record Empty() implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0033";
    }

    @Override
    public String message() {
      return "nothing is written where a weight or a formula is expected";
    }
  }

  /** {@code Protogen x3.4}, which is the name of a model too. */
  record GluedTimes(String name, String factor) implements FormulaProblem {
    @Override
    public String code() {
      return "BMR0034";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + name + " x" + factor + "` is read as a product";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("quote it if it is a name: `\"" + name + " x" + factor + "\"`");
    }
  }
}
