package bmr.diagnostic;

import java.util.List;
import java.util.Optional;

/** Weights, lists of weights, presets, parameters. */
public sealed interface WeightProblem extends Problem {
  /** A parameter without a value. */
  record Unbound(String name, List<String> similar) implements WeightProblem {
    public Unbound {
      similar = List.copyOf(similar);
    }

    /** A parameter that looks like nothing known. */
    public Unbound(String name) {
      this(name, List.of());
    }

    @Override
    public String code() {
      return "BMR0201";
    }

    @Override
    public String message() {
      return "`" + name + "` has no value here";
    }

    @Override
    public Optional<String> hint() {
      if (!similar.isEmpty()) {
        return Optional.of("did you mean " + NameProblem.oneOf(similar) + "?");
      }
      String limits =
          switch (name) {
            case "R" -> "0, 1";
            case "U" -> "-0.5, 1.5";
            default -> "";
          };
      if (!limits.isEmpty()) {
        return Optional.of(
            "a random weight is `random(%s)`; `%s` means that in a list only"
                .formatted(limits, name));
      }
      return Optional.of(
          "add `" + name + " = 0.5` on a line below, or give --set " + name + "=0.5");
    }
  }

  /** A list of a length that no architecture has. */
  record ListLength(int length) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0202";
    }

    @Override
    public String message() {
      return "a list of " + length + " weights fits no architecture";
    }

    @Override
    public Optional<String> hint() {
      return switch (length) {
        case 25, 19 ->
            Optional.of(
                "with 25 (SDXL: 19) values the weight of BASE comes apart: add `base = 0` behind a"
                    + " comma or on a line below");
        case 21 ->
            Optional.of(
                "SDXL has 20 blocks: the 21st value, which SuperMerger shows as VAE, is read by no"
                    + " tool; leave it out");
        case 24, 27 -> Optional.of("SD 1.x takes 26 values: BASE, IN00-IN11, M00, OUT00-OUT11");
        default ->
            Optional.of(
                "SD 1.x takes 26 values, SDXL 20; a map names its blocks: {OUT06~OUT11: 0.15}");
      };
    }
  }

  /** A list that does not fit the models' architecture. */
  record DoesNotFit(String message) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0203";
    }
  }

  /** What stands left of a map's colon is no block. */
  record UnknownBlock(String written, List<String> similar) implements WeightProblem {
    public UnknownBlock {
      similar = List.copyOf(similar);
    }

    @Override
    public String code() {
      return "BMR0204";
    }

    @Override
    public String message() {
      return "no block is called `" + written + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          similar.isEmpty()
              ? "blocks are BASE, IN00-IN11, M00, OUT00-OUT11; parts are CLIP, VAE, TIME, LABEL,"
                  + " HEAD"
              : "did you mean " + NameProblem.oneOf(similar) + "?");
    }
  }

  /** {@code OUT11~OUT06}. */
  record BackwardsRange(String written, String forwards) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0175";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "`" + written + "` runs backwards, and is read as `" + forwards + "`";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `" + forwards + "`: other tools match no block by it");
    }
  }

  /** A parameter given twice. */
  record BoundTwice(String name) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0205";
    }

    @Override
    public String message() {
      return "`" + name + "` has a value here already";
    }
  }

  /** A clause that the definition does not use. */
  record UnusedParameter(String name) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0206";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "the formula does not use `" + name + "`";
    }
  }

  /** A parameter or {@code let} that needs itself. */
  record WeightCycle(String name) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0207";
    }

    @Override
    public String message() {
      return "`" + name + "` is given by itself";
    }
  }

  /** A division by zero. */
  record DivisionByZero() implements WeightProblem {
    @Override
    public String code() {
      return "BMR0208";
    }

    @Override
    public String message() {
      return "a weight is divided by zero";
    }
  }

  /** A preset with the name of a block. */
  record PresetLikeBlock(String name) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0209";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "`" + name + "` is the preset of that name here";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("only block " + name + "? write {" + name + ": 1}");
    }
  }

  /** A list of 26 on models with 20 blocks. */
  record Converted(int length, String architecture) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0210";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "lists of " + length + " weights lose IN09-IN11 and OUT09-OUT11 on " + architecture;
    }
  }

  /** Random weights without a seed. */
  record RandomWithoutSeed(String written) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0213";
    }

    @Override
    public String message() {
      return "`" + written + "` is a random weight, and the script has no seed";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "add `seed 7`; the numbers are bmr's own: a web UI's random seed does not give them"
              + " again");
    }
  }

  /** SuperMerger's letter for a random number between limits that stand elsewhere. */
  record RandomNeedsLimits() implements WeightProblem {
    @Override
    public String code() {
      return "BMR0214";
    }

    @Override
    public String message() {
      return "`X` is a random weight between two limits, which a list does not hold";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write the limits: `random(0, 1)`");
    }
  }

  /** Arguments that a function on weights does not take. */
  record WrongWeightArguments(String function, String form) implements WeightProblem {
    @Override
    public String code() {
      return "BMR0215";
    }

    @Override
    public String message() {
      return "`" + function + "` does not take what stands in its brackets";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("it is written as " + form);
    }
  }

  /** A weight that grew beyond all measure. */
  record TooLarge() implements WeightProblem {
    @Override
    public String code() {
      return "BMR0212";
    }

    @Override
    public String message() {
      return "this weight is made of more than 20,000 parts";
    }
  }

  /** Parameters with values that nothing names. */
  record PlainBase(List<String> parameters) implements WeightProblem {
    public PlainBase {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String code() {
      return "BMR0211";
    }

    @Override
    public String message() {
      return "`base` could belong to " + NameProblem.oneOf(parameters);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `base_" + parameters.getFirst() + " = ...`");
    }
  }
}
