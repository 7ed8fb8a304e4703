package bmr.diagnostic;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names, definitions and files that names stand for. */
public sealed interface NameProblem extends Problem {
  /** A name that was bound before. */
  record DefinedTwice(String name) implements NameProblem {
    @Override
    public String code() {
      return "BMR0101";
    }

    @Override
    public String message() {
      return "`" + name + "` is defined twice";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("give one of them another name");
    }
  }

  /**
   * A name that no definition and no file has.
   *
   * @param similar names that look alike, best first
   * @param needed false where nothing that is saved depends on it: then it is a warning
   * @param difference what to say where one part of a hyphenated word is known
   */
  record UnknownName(
      String name, List<String> similar, boolean needed, int places, Optional<String> difference)
      implements NameProblem {
    public UnknownName {
      similar = List.copyOf(similar);
    }

    /** A name that stands in one place and is no difference. */
    public UnknownName(String name, List<String> similar, boolean needed) {
      this(name, similar, needed, 1, Optional.empty());
    }

    @Override
    public String code() {
      return "BMR0102";
    }

    @Override
    public Severity severity() {
      return needed ? Severity.ERROR : Severity.WARNING;
    }

    @Override
    public String message() {
      return "no model is called `"
          + name
          + "`"
          + elsewhere(places - 1)
          + (needed ? "" : "; nothing that is saved uses it");
    }

    @Override
    public Optional<String> hint() {
      if (difference.isPresent()) {
        return difference;
      }
      if (similar.isEmpty()) {
        return needed
            ? Optional.of(
                "name the folder that holds it: --models DIR, or models \"DIR\" in the script")
            : Optional.empty();
      }
      return Optional.of("did you mean " + oneOf(similar) + "?");
    }
  }

  /** A name that fits more than one file. */
  record AmbiguousFile(String name, List<String> files, boolean needed) implements NameProblem {
    public AmbiguousFile {
      files = List.copyOf(files);
    }

    @Override
    public String code() {
      return "BMR0103";
    }

    @Override
    public Severity severity() {
      return needed ? Severity.ERROR : Severity.WARNING;
    }

    @Override
    public String message() {
      return "`"
          + name
          + "` could be any of "
          + files.size()
          + " files: "
          + String.join(", ", files);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("say which: model \"" + name + "\" = \"" + files.getFirst() + "\"");
    }
  }

  /** Definitions that need each other. */
  record Cycle(List<String> path) implements NameProblem {
    public Cycle {
      path = List.copyOf(path);
    }

    @Override
    public String code() {
      return "BMR0104";
    }

    @Override
    public String message() {
      if (path.size() == 1) {
        return "`" + path.getFirst() + "` is defined by itself";
      }
      List<String> shown = path.size() > SHOWN ? path.subList(0, SHOWN) : path;
      return "these definitions need each other: "
          + shown.stream().map(name -> "`" + name + "` → ").collect(Collectors.joining())
          + (path.size() > SHOWN ? (path.size() - SHOWN) + " more → " : "")
          + "`"
          + path.getFirst()
          + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("one of them must be made of models that are there already");
    }

    private static final int SHOWN = 16;
  }

  /** A definition that nothing uses. */
  record Unused(String name) implements NameProblem {
    @Override
    public String code() {
      return "BMR0105";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "nothing uses `" + name + "`, and it is not saved";
    }
  }

  /** A name found only without regard to case and separators. */
  record FoundLoosely(String written, String found) implements NameProblem {
    @Override
    public String code() {
      return "BMR0106";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + written + "` is taken for `" + found + "`";
    }
  }

  /** A definition with the name of a file. */
  record HidesFile(String name, String file) implements NameProblem {
    @Override
    public String code() {
      return "BMR0107";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "`" + name + "` is this definition here, not the file " + file;
    }
  }

  /** A hyphenated word that can be taken apart in two ways. */
  record AmbiguousSplit(String word, List<String> readings) implements NameProblem {
    public AmbiguousSplit {
      readings = List.copyOf(readings);
    }

    @Override
    public String code() {
      return "BMR0108";
    }

    @Override
    public String message() {
      return "`" + word + "` can be read as " + String.join(" or as ", readings);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("put blanks around the minus that is meant");
    }
  }

  /** A hyphenated word that is a name and could be a difference as well. */
  record WholeAndSplit(String word, String difference) implements NameProblem {
    @Override
    public String code() {
      return "BMR0109";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "`" + word + "` is the name of a model, though " + difference + " could be meant";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + difference + "` if that is meant");
    }
  }

  /** A product of two models. */
  record TwoModels(String left, String right) implements NameProblem {
    @Override
    public String code() {
      return "BMR0111";
    }

    @Override
    public String message() {
      return "`" + left + "` and `" + right + "` are both models: they cannot be multiplied";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("a blend of both is `" + left + " x 0.5 + " + right + " x 0.5`");
    }
  }

  /** A word before brackets that is neither a method nor a parameter. */
  record UnknownMethod(String name, List<String> similar) implements NameProblem {
    public UnknownMethod {
      similar = List.copyOf(similar);
    }

    @Override
    public String code() {
      return "BMR0112";
    }

    @Override
    public String message() {
      return "no method is called `" + name + "`";
    }

    @Override
    public Optional<String> hint() {
      return similar.isEmpty()
          ? Optional.of("is an `x` missing before the bracket?")
          : Optional.of("did you mean " + oneOf(similar) + "?");
    }
  }

  /** {@code B (A - C)}. */
  record TimesMissing(String name, String bracket) implements NameProblem {
    @Override
    public String code() {
      return "BMR0140";
    }

    @Override
    public String message() {
      return "`x` is missing between `" + name + "` and the bracket";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + name + " x " + bracket + "`");
    }
  }

  /** A call that does not fit the method's signature. */
  record WrongArguments(String method, String fault, String signature) implements NameProblem {
    @Override
    public String code() {
      return "BMR0113";
    }

    @Override
    public String message() {
      return "`" + method + "` " + fault;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("it is called as " + signature);
    }
  }

  /** A number where a model should stand, or the reverse. */
  record WrongKind(String message, Optional<String> hint) implements NameProblem {
    @Override
    public String code() {
      return "BMR0114";
    }
  }

  /** Alternatives in backquotes: `a`, `b` or `c`. */
  static String oneOf(List<String> names) {
    List<String> quoted = names.stream().limit(5).map(name -> "`" + name + "`").toList();
    if (quoted.size() == 1) {
      return quoted.getFirst();
    }
    return String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.getLast();
  }

  private static String elsewhere(int more) {
    return switch (more) {
      case 0 -> "";
      case 1 -> ", here and in one more place";
      default -> ", here and in %s more places".formatted(String.format(Locale.ROOT, "%,d", more));
    };
  }
}
