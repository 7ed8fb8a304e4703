package bmr.diagnostic;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a script or a command line asks for, and files that it leaves open. */
public sealed interface RequestProblem extends Problem {
  /** A script without anything to save. */
  record NothingToSave() implements RequestProblem {
    @Override
    public String code() {
      return "BMR0115";
    }

    @Override
    public String message() {
      return "the script defines no model";
    }
  }

  /** Several definitions that nothing uses, and no word on which to save. */
  record SeveralToSave(List<String> names) implements RequestProblem {
    public SeveralToSave {
      names = List.copyOf(names);
    }

    @Override
    public String code() {
      return "BMR0116";
    }

    @Override
    public String message() {
      return "several models could be meant: "
          + names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "add `save \"" + names.getLast() + "\"` to the script, or give --only NAME or --all");
    }
  }

  /** A definition asked for by name that is not there. */
  record NoDefinition(String name, List<String> similar) implements RequestProblem {
    public NoDefinition {
      similar = List.copyOf(similar);
    }

    @Override
    public String code() {
      return "BMR0117";
    }

    @Override
    public String message() {
      return "the script defines no `" + name + "`";
    }

    @Override
    public Optional<String> hint() {
      return similar.isEmpty()
          ? Optional.empty()
          : Optional.of("did you mean " + NameProblem.oneOf(similar) + "?");
    }
  }

  /** Two recipes whose models have other blocks. */
  record OtherArchitecture(String left, String right) implements RequestProblem {
    @Override
    public String code() {
      return "BMR0950";
    }

    @Override
    public String message() {
      return "one recipe is for " + left + ", the other for " + right;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("only recipes for the same blocks can be compared");
    }
  }

  /** A value from outside that nothing takes. */
  record UnusedSetting(String name, List<String> parameters) implements RequestProblem {
    public UnusedSetting {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String code() {
      return "BMR0118";
    }

    @Override
    public String message() {
      return "--set gives `" + name + "`, which the recipe does not use";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          parameters.isEmpty()
              ? "a value from outside needs a `let` or a parameter of that name in the recipe"
              : "it has " + NameProblem.oneOf(parameters));
    }
  }

  /** A file that the script names and that is not there. */
  record NoSuchFile(String what, String path) implements RequestProblem {
    @Override
    public String code() {
      return "BMR0119";
    }

    @Override
    public String message() {
      return what + " `" + path + "` is not there";
    }

    @Override
    public Optional<String> hint() {
      return path.indexOf("\\\\", 1) > 0
          ? Optional.of("nothing is escaped in quotes: write `" + path.replace("\\\\", "\\") + "`")
          : Optional.empty();
    }
  }

  /** A parameter from outside that several definitions have. */
  record AmbiguousSetting(String name, List<String> choices) implements RequestProblem {
    public AmbiguousSetting {
      choices = List.copyOf(choices);
    }

    @Override
    public String code() {
      return "BMR0120";
    }

    @Override
    public String message() {
      return "several definitions have a parameter `" + name + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("say which: " + NameProblem.oneOf(choices));
    }
  }

  /**
   * A model whose file the script leaves open: {@code model "NAI full" = ?}.
   *
   * @param recipe the script, for the hint
   * @param needed false where nothing that is saved depends on it: then it is a warning
   */
  record FileNotKnown(String name, String recipe, boolean needed) implements RequestProblem {
    @Override
    public String code() {
      return "BMR0150";
    }

    @Override
    public Severity severity() {
      return needed ? Severity.ERROR : Severity.WARNING;
    }

    @Override
    public String message() {
      return "the file of `"
          + name
          + "` is not known yet"
          + (needed ? "" : "; nothing that is saved uses it");
    }

    @Override
    public Optional<String> hint() {
      String file = recipe.contains(" ") ? '"' + recipe + '"' : recipe;
      return Optional.of(
          "`bmr models --for " + file + " --models DIR` lists candidates, `--write` fills them in");
    }
  }

  /**
   * A name that is taken for a model whose file is not there, where no file is needed.
   *
   * @param near a definition with nearly the same name
   */
  record AssumedModel(String name, Optional<String> near) implements RequestProblem {
    @Override
    public String code() {
      return "BMR0151";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "no file is called `" + name + "`; it is taken for a model";
    }

    @Override
    public Optional<String> hint() {
      return near.map(definition -> "it is not the definition `" + definition + "`");
    }
  }

  /** A size behind {@code shards} that is none. */
  record ShardSizeUnclear(String size) implements RequestProblem {
    @Override
    public String code() {
      return "BMR0488";
    }

    @Override
    public String message() {
      return Visible.quoted(size) + " is no size of a file";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `shards 5GB` or `shards 500MB`");
    }
  }
}
