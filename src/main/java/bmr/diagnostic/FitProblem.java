package bmr.diagnostic;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Weights that are to be found, and finding them. */
public sealed interface FitProblem extends Problem {
  /** Names for a sentence; those of unknowns without one are left out. */
  static String names(List<String> unknowns) {
    String named =
        unknowns.stream()
            .filter(name -> !name.startsWith("?"))
            .distinct()
            .sorted()
            .map(name -> "`?" + name + "`")
            .collect(Collectors.joining(", "));
    return named.isEmpty() ? "`?`" : named;
  }

  /** A model that cannot be made before its weights are known. */
  record NotFitted(String model, String unknowns) implements FitProblem {
    @Override
    public String code() {
      return "BMR0850";
    }

    @Override
    public String message() {
      return "`" + model + "` has weights that are to be found yet: " + unknowns;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`bmr fit` finds them, and writes the script with numbers");
    }
  }

  /** Bounds between which there is nothing, or two kinds of bounds for one name. */
  record ContradictoryBounds(String unknown) implements FitProblem {
    @Override
    public String code() {
      return "BMR0851";
    }

    @Override
    public String message() {
      return "the bounds of `" + unknown + "` contradict each other";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("the smaller one comes first, as in `?w[0,1]`, and one name has one pair");
    }
  }

  /** A start that the bounds forbid. */
  record StartOutside(String start, String unknown) implements FitProblem {
    @Override
    public String code() {
      return "BMR0852";
    }

    @Override
    public String message() {
      return "the start " + start + " of `" + unknown + "` is outside its bounds";
    }
  }

  /** A recipe in which every weight is a number. */
  record NothingToFit(String model) implements FitProblem {
    @Override
    public String code() {
      return "BMR0853";
    }

    @Override
    public String message() {
      return "`" + model + "` has no weight that is to be found";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `?` or `?name` in place of a number, as in `(A - B) x ?`");
    }
  }

  /** An objective that no weight changes. */
  record ConstantObjective(String model, String target) implements FitProblem {
    @Override
    public String code() {
      return "BMR0854";
    }

    @Override
    public String message() {
      return "no weight changes how far `" + model + "` is from `" + target + "` there";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("perhaps the models are the same in these blocks: choose others by --on");
    }
  }

  /** Nothing that both the model and the target have and that is linear in the sources. */
  record NothingComparable(String model, String target) implements FitProblem {
    @Override
    public String code() {
      return "BMR0855";
    }

    @Override
    public String message() {
      return "`" + model + "` and `" + target + "` have no tensors in common that can be fitted";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "both must be of one architecture, and sums of models: methods cannot be fitted");
    }
  }

  /** A target or source with values that are no numbers. */
  record NotFinite(String model, String target) implements FitProblem {
    @Override
    public String code() {
      return "BMR0856";
    }

    @Override
    public String message() {
      return "the distance of `" + model + "` from `" + target + "` is not a finite number";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("a model with NaN or infinite values is among them: `bmr inspect` tells");
    }
  }

  /** An unknown in another file than the recipe, where it cannot be filled in. */
  record InAnotherFile(String unknown, String file) implements FitProblem {
    @Override
    public String code() {
      return "BMR0857";
    }

    @Override
    public String message() {
      return "`?" + unknown + "` stands in `" + file + "`, and only the recipe itself is filled in";
    }
  }

  /** A target that is equal to the base: there is nothing to be relative to. */
  record NoChange(String target, String base) implements FitProblem {
    @Override
    public String code() {
      return "BMR0858";
    }

    @Override
    public String message() {
      return "`" + target + "` is the same as the base `" + base + "` there";
    }
  }
}
