package bmr.diagnostic;

import java.util.List;
import java.util.Optional;

/** What importing a published recipe has to say. */
public sealed interface ImportProblem extends Problem {
  /**
   * Something that can be read in several ways.
   *
   * @param about one sentence that names the ambiguity, names in backquotes
   * @param readings what it may mean, each as a script would say it
   */
  record Question(String about, List<String> readings) implements ImportProblem {
    public Question {
      readings = List.copyOf(readings);
    }

    @Override
    public String code() {
      return "BMR0701";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return about;
    }

    @Override
    public Optional<String> hint() {
      return readings.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "keep one of: " + String.join("; ", readings).replaceAll("\\s*\\n\\s*", ", "));
    }
  }

  /** A line that is kept as a comment. */
  record NotUnderstood(String reason) implements ImportProblem {
    @Override
    public String code() {
      return "BMR0702";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return reason + ", so this stays a comment";
    }
  }
}
