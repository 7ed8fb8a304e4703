package bmr.diagnostic;

import java.util.Optional;

/** What another tool cannot do: why a recipe is not exported. Codes BMR0801 to BMR0819. */
public sealed interface ExportProblem extends Problem {
  /** A method that the target's linear steps cannot say. */
  record MethodNotExported(String definition, String method, String target)
      implements ExportProblem {
    @Override
    public String code() {
      return "BMR0801";
    }

    @Override
    public String message() {
      return "`"
          + definition
          + "` uses `"
          + method
          + "`, and only weight sums and differences are exported to "
          + target;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("make that model with `bmr run --only` and export the rest");
    }
  }

  /** Weights per block for a tool that has none. */
  record BlocksNotExported(String definition, String target) implements ExportProblem {
    @Override
    public String code() {
      return "BMR0802";
    }

    @Override
    public String message() {
      return "`" + definition + "` has weights per block, and " + target + " has none";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`--to supermerger` has weights per block");
    }
  }

  /** Overrides by element that the target, or its form for them, cannot say. */
  record ElementsNotExported(String definition, String target, String reason)
      implements ExportProblem {
    @Override
    public String code() {
      return "BMR0803";
    }

    @Override
    public String message() {
      return "the element overrides of `"
          + definition
          + "` cannot be said in "
          + target
          + ": "
          + reason;
    }
  }

  /** A wanted model whose weights do not add up to 1. */
  record SumNotExported(String definition, String sum, String where) implements ExportProblem {
    @Override
    public String code() {
      return "BMR0804";
    }

    @Override
    public String message() {
      return "the weights of `"
          + definition
          + "` add up to "
          + sum
          + " in "
          + where
          + ", and other tools' merges always add up to 1";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write the first weight as 1 minus the others");
    }
  }

  /** Stepwise rounding for a tool that rounds once. */
  record StepwiseNotExported(String target) implements ExportProblem {
    @Override
    public String code() {
      return "BMR0805";
    }

    @Override
    public String message() {
      return "`precision stepwise` rounds every step, which " + target + " does not do";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("leave the line out, or use `--to supermerger`, which saves every step");
    }
  }

  /** Something a {@code save} line asks for. */
  record SaveOptionNotExported(String definition, String option, String target)
      implements ExportProblem {
    @Override
    public String code() {
      return "BMR0806";
    }

    @Override
    public String message() {
      return "`save "
          + definition
          + "` asks for "
          + option
          + ", which is not exported to "
          + target;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("leave it out of the `save` line and do it after the merge");
    }
  }

  /** A block map that the target does not have. */
  record BlockMapNotExported(String map, String target) implements ExportProblem {
    @Override
    public String code() {
      return "BMR0807";
    }

    @Override
    public String message() {
      return "the block map `" + map + "` cannot be said in " + target;
    }
  }

  /** Models of a family that the target cannot merge. */
  record ArchitectureNotExported(String architecture, String target) implements ExportProblem {
    @Override
    public String code() {
      return "BMR0808";
    }

    @Override
    public String message() {
      return "recipes for " + architecture + " are not exported to " + target;
    }
  }

  /** A name that the target's file cannot hold. */
  record NameNotExported(String name, String target) implements ExportProblem {
    @Override
    public String code() {
      return "BMR0809";
    }

    @Override
    public String message() {
      return "the name " + Visible.quoted(name) + " cannot be written in a file for " + target;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("rename the file");
    }
  }

  /** A part with a weight of its own where the target has one weight for the block. */
  record PartNotExported(String definition, String part, String block, String target)
      implements ExportProblem {
    @Override
    public String code() {
      return "BMR0810";
    }

    @Override
    public String message() {
      return "`"
          + definition
          + "` gives "
          + part
          + " a weight of its own, and "
          + target
          + " has one for all of "
          + block;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`--to mergekit` and `--to supermerger` can say it");
    }
  }

  /** A number that the target's slider does not reach. */
  record WeightNotExported(String definition, String weight, String target)
      implements ExportProblem {
    @Override
    public String code() {
      return "BMR0811";
    }

    @Override
    public String message() {
      return "a step of `"
          + definition
          + "` has the weight "
          + weight
          + ", and "
          + target
          + " takes 0 to 1";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("`--to supermerger` takes any weight");
    }
  }
}
