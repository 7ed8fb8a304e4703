package bmr.diagnostic;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Models that do not go together. */
public sealed interface MergeProblem extends Problem {
  /** Models of different families in one formula. */
  record MixedArchitectures(String name, List<String> sources) implements MergeProblem {
    public MixedArchitectures {
      sources = List.copyOf(sources);
    }

    @Override
    public String code() {
      return "BMR0501";
    }

    @Override
    public String message() {
      return "`" + name + "` mixes architectures: " + String.join(", ", sources);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("only models of one architecture can be merged; leave the others out");
    }
  }

  /** Tensors of different shapes under one key. */
  record ShapesDiffer(String key, List<String> shapes) implements MergeProblem {
    public ShapesDiffer {
      shapes = List.copyOf(shapes);
    }

    @Override
    public String code() {
      return "BMR0502";
    }

    @Override
    public String message() {
      return "`" + key + "` has shapes that do not fit: " + String.join(", ", shapes);
    }
  }

  /** An element type that cannot be computed with. */
  record CannotCompute(String key, String source, String dtype) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0503";
    }

    @Override
    public String message() {
      return "`" + key + "` of " + source + " is " + dtype + ", which bmr copies but cannot blend";
    }
  }

  /** A result without a text encoder. */
  record NoTextEncoder(String name) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0504";
    }

    @Override
    public String message() {
      return "`" + name + "` has no text encoder: none of its models brings one";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`save \"" + name + "\" unet` if the U-Net alone is meant");
    }
  }

  /** A result without a VAE. */
  record NoVae(String name) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0505";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "`" + name + "` has no VAE: pictures need one from elsewhere";
    }
  }

  /** VAEs that differ and are blended. */
  record VaesBlended(String name, List<String> sources) implements MergeProblem {
    public VaesBlended {
      sources = List.copyOf(sources);
    }

    @Override
    public String code() {
      return "BMR0506";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "`"
          + name
          + "` blends VAEs that differ ("
          + String.join(", ", sources)
          + "): a known cause of grey pictures";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("take one: save \"" + name + "\" vae: " + sources.getFirst());
    }
  }

  /** Models that predict different things. */
  record MixedPrediction(List<String> velocity, List<String> epsilon) implements MergeProblem {
    public MixedPrediction {
      velocity = List.copyOf(velocity);
      epsilon = List.copyOf(epsilon);
    }

    @Override
    public String code() {
      return "BMR0507";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "v-prediction ("
          + String.join(", ", velocity)
          + ") and epsilon models ("
          + String.join(", ", epsilon)
          + ") are mixed";
    }
  }

  /** Another block map would give another result. */
  record BlockMapMatters(String name, String used, List<String> others) implements MergeProblem {
    public BlockMapMatters {
      others = List.copyOf(others);
    }

    @Override
    public String code() {
      return "BMR0508";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "the time embedding of `"
          + name
          + "` depends on the block map: "
          + used
          + " is used, "
          + others.stream().collect(Collectors.joining(" and "))
          + " would give another result";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("to choose: block_map \"" + others.getFirst() + "\"");
    }
  }

  /** Nothing in common. */
  record Empty(String name) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0509";
    }

    @Override
    public String message() {
      return "nothing is left to write for `" + name + "`";
    }
  }

  /** A source whose tensor has another shape than the result. */
  record ShapeMismatch(String tensor, String source, String held, String needed)
      implements MergeProblem {
    @Override
    public String code() {
      return "BMR0550";
    }

    @Override
    public String message() {
      return "`%s` has the shape %s in `%s`, where %s is needed"
          .formatted(tensor, held, source, needed);
    }
  }

  /** A source whose tensor has a type that bmr does not compute with. */
  record TypeNotComputable(String tensor, String source, String dtype) implements MergeProblem {
    @Override
    public String code() {
      return "BMR0551";
    }

    @Override
    public String message() {
      return "`%s` is stored as %s in `%s`, which bmr cannot blend"
          .formatted(tensor, dtype, source);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("convert the file to F16, BF16, F32 or F64 first");
    }
  }
}
