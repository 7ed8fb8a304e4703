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

  /** Block weights whose meaning changed with the years, and no word of the year. */
  record BlockMapUnsaid() implements ImportProblem {
    @Override
    public String code() {
      return "BMR0720";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "the lists of weights treat IN00 and the last OUT block differently, and SuperMerger"
          + " changed which of them `time_embed` goes with";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "it is taken to go with IN00; if the merge was made from 2023-07-21 to 2025-11-26, write"
              + " `block_map \"supermerger-2023-07\"`");
    }
  }

  /** A script that was to be imported. */
  record AlreadyScript() implements ImportProblem {
    @Override
    public String code() {
      return "BMR0721";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "this is a script already; it is handed on as it is";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`bmr run` makes its models, `bmr check` looks for mistakes");
    }
  }

  /** A file that is to be imported and holds no text. */
  record NoText(String name) implements ImportProblem {
    @Override
    public String code() {
      return "BMR0722";
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String message() {
      return "`" + name + "` is no text";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "what a `.safetensors` file tells of its making can be imported, a `.ckpt` tells"
              + " nothing");
    }
  }

  /** A picture without the text that web UIs write into it. */
  record SilentPicture(String name) implements ImportProblem {
    @Override
    public String code() {
      return "BMR0723";
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String message() {
      return "the picture `" + name + "` carries no text of a web UI";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("sites that show pictures often take it out: the original has it");
    }
  }

  /** More text than a recipe has. */
  record TooMuchText(String name, int limit) implements ImportProblem {
    @Override
    public String code() {
      return "BMR0724";
    }

    @Override
    public Severity severity() {
      return Severity.ERROR;
    }

    @Override
    public String message() {
      return "`" + name + "` has more than " + (limit >> 20) + " MiB";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("nothing of it was read; import the part that holds the recipe");
    }
  }
}
