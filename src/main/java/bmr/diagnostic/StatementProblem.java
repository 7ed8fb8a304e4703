package bmr.diagnostic;

import java.util.Optional;

/** Statements, definitions and scripts that are not whole. */
public sealed interface StatementProblem extends SyntaxProblem {
  /** A statement word where a name is meant. */
  record StatementWordAsName(String word) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0007";
    }

    @Override
    public String message() {
      return "`" + word + "` begins a statement here";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("quote it if it is a name: `\"" + word + "\"`");
    }
  }

  /** Neither side of {@code =} is a name. */
  record NoNameToBind(String binder) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0012";
    }

    @Override
    public String message() {
      return binder.equals("=")
          ? "neither side of `=` is a name"
          : "what stands behind `" + binder + "` is not a name";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("a definition is `NAME = formula` or `formula = NAME`");
    }
  }

  /** A formula that nothing names. */
  record NamelessFormula() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0013";
    }

    @Override
    public String message() {
      return "this formula has no name";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `NAME = ...`");
    }
  }

  /** A number in the place of a name. */
  record NumberAsName(String number) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0014";
    }

    @Override
    public String message() {
      return "`" + number + "` is a number, not a name";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("quote it here and wherever it is used: `\"" + number + "\"`");
    }
  }

  /** A second {@code =} or arrow. */
  record SecondBinder(String binder) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0015";
    }

    @Override
    public String message() {
      return "a second `" + binder + "` in one definition";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("begin a new line for each definition");
    }
  }

  /** A statement of a later version. */
  record NotSupportedYet(String what) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0017";
    }

    @Override
    public String message() {
      return "`" + what + "` is not supported yet";
    }
  }

  /** A statement that begins with its word and does not go on as it must. */
  record StatementForm(String word, String form) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0018";
    }

    @Override
    public String message() {
      return "this is no complete `" + word + "` statement";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + form + "`");
    }
  }

  /**
   * {@code beta: 0.5} below a definition that has no {@code beta}.
   *
   * @param meant a weight of the definition above that has a similar name
   * @param above the definition above
   */
  record NoSuchWeight(String name, Optional<String> meant, Optional<String> above)
      implements StatementProblem {
    @Override
    public String code() {
      return "BMR0021";
    }

    @Override
    public String message() {
      return "no definition above has a weight called `" + name + "`";
    }

    @Override
    public Optional<String> hint() {
      if (meant.isPresent()) {
        return meant.map(word -> "did you mean `" + word + "`?");
      }
      String script = "`let " + name + " = ...` makes a weight for the whole script";
      return Optional.of(
          above.map(def -> "write `x %s` in `%s`; %s".formatted(name, def, script)).orElse(script));
    }
  }

  /** A weight with two values. */
  record WeightGivenTwice(String name, String definition) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0022";
    }

    @Override
    public String message() {
      return "`" + name + "` is given twice for `" + definition + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("leave one of them out");
    }
  }

  /** A list without brackets where only a formula can stand. */
  record BareList() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0023";
    }

    @Override
    public String message() {
      return "a list without brackets can stand only behind the name of a weight";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `alpha = 0, 0.5, ...` or put the list in brackets");
    }
  }

  /** A sentence. */
  record Prose() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0024";
    }

    @Override
    public String message() {
      return "this line reads like a sentence, not like a formula";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("begin it with `#` to make it a comment");
    }
  }

  /** Bytes that are no text. */
  record NotUtf8() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0026";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "the file is not UTF-8: what could not be read is shown as `\uFFFD`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("save it as UTF-8");
    }
  }

  /** A script that cannot be read. */
  record ScriptUnreadable(String file, String reason) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0027";
    }

    @Override
    public String message() {
      return "the script `" + file + "` cannot be read: " + reason;
    }
  }

  /** A file that is no script by its size. */
  record ScriptTooLarge(String file, long limit) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0028";
    }

    @Override
    public String message() {
      return "`%s` is larger than %d MiB: that is no script".formatted(file, limit >> 20);
    }
  }

  /** A dash that is read as a bullet. */
  record DashBullet() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0031";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "this dash is read as a bullet, not as a minus";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write the sign without a blank behind it if it is one");
    }
  }

  /** A weight that stands below its definition without indentation. */
  record UnindentedWeight(String name, String definition) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0032";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + name + "` is taken as the weight of `" + definition + "` above";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("indent the line to say so");
    }
  }

  /** A statement that stops too early. */
  record Incomplete() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0029";
    }

    @Override
    public String message() {
      return "this statement stops too early";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("a definition is `NAME = formula` or `formula = NAME`");
    }
  }

  /** {@code allow} with a word that names nothing to allow. */
  record UnknownAllowance(String word) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0035";
    }

    @Override
    public String message() {
      return "nothing is known that `allow " + word + "` could allow";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`allow sum` lets coefficients add up to something else than 1 or 0");
    }
  }

  /** {@code allow sum} below no definition. */
  record AllowsNothing() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0036";
    }

    @Override
    public String message() {
      return "`allow sum` belongs below a definition, and there is none above it";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write it in the line of the definition: `R = A + B x 0.08 allow sum`");
    }
  }

  /** A statement whose first word is misspelt. */
  record MisspeltStatement(String word, String meant) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0060";
    }

    @Override
    public String message() {
      return "no statement begins with `" + word + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("did you mean `" + meant + "`?");
    }
  }

  /**
   * A word behind {@code save NAME} that says nothing.
   *
   * @param advice what to write instead
   */
  record UnknownSaveWord(String word, String advice) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0061";
    }

    @Override
    public String message() {
      return "`save` knows no `" + word + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(advice);
    }
  }

  /** A line of a program. */
  record ProgramLine() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0062";
    }

    @Override
    public String message() {
      return "this line reads like a program's, not like a recipe's";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("begin it with `#` to make it a comment");
    }
  }

  /** A table in Markdown. */
  record PastedTable() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0063";
    }

    @Override
    public String message() {
      return "this is a table, not a recipe";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`bmr import FILE` makes a recipe of published tables");
    }
  }

  /** A configuration of mergekit. */
  record PastedConfiguration() implements StatementProblem {
    @Override
    public String code() {
      return "BMR0064";
    }

    @Override
    public String message() {
      return "this is a configuration of mergekit, not a recipe";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`bmr import FILE` makes a recipe of it");
    }
  }

  /** Lines beyond the first twenty that are no part of a recipe. */
  record MoreLines(int count) implements StatementProblem {
    @Override
    public String code() {
      return "BMR0065";
    }

    @Override
    public String message() {
      return count == 1
          ? "one more line is not understood either"
          : count + " more lines from here on are not understood either";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("if this is a published post, `bmr import FILE` makes a recipe of it");
    }
  }
}
