package bmr.diagnostic;

import java.util.List;
import java.util.Optional;

/** LoRAs: which file, what it changes, how it is written in a formula. */
public sealed interface LoraProblem extends Problem {
  private static String some(List<String> names) {
    List<String> first = names.stream().limit(3).map(name -> "`" + name + "`").toList();
    int more = names.size() - first.size();
    return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
  }

  /** A call of {@code lora} that lacks a file or has weights that it does not know. */
  record WrongForm(String fault) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0640";
    }

    @Override
    public String message() {
      return "`lora` " + fault;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `lora(\"NAME\") x 0.7`, or `lora(\"NAME\", unet: 0.7, te: 0.3)`");
    }
  }

  /** No file has the name. */
  record Unknown(String name, List<String> similar) implements LoraProblem {
    public Unknown {
      similar = List.copyOf(similar);
    }

    @Override
    public String code() {
      return "BMR0641";
    }

    @Override
    public String message() {
      return "no LoRA is called `" + name + "`";
    }

    @Override
    public Optional<String> hint() {
      return similar.isEmpty()
          ? Optional.of("LoRAs are looked up in the folders of the models and all folders below")
          : Optional.of("did you mean `" + String.join("`, `", similar) + "`?");
    }
  }

  /** How many modules of the file change something. */
  record ModulesUsed(String name, int used, int modules) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0642";
    }

    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      return "LoRA `" + name + "`: " + used + " of " + modules + " modules used";
    }
  }

  /** Modules that change nothing. */
  record SomeUnused(String name, int used, int modules, List<String> unused)
      implements LoraProblem {
    public SomeUnused {
      unused = List.copyOf(unused);
    }

    @Override
    public String code() {
      return "BMR0643";
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public String message() {
      return "LoRA `"
          + name
          + "`: only "
          + used
          + " of "
          + modules
          + " modules used; the models have nothing for "
          + some(unused);
    }
  }

  /** A LoRA for another architecture, or no LoRA. */
  record NoneUsed(String name, int modules, String reason) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0644";
    }

    @Override
    public String message() {
      return modules == 0
          ? "`" + name + "` is no LoRA: " + reason
          : "LoRA `" + name + "`: none of its " + modules + " modules is used: " + reason;
    }
  }

  /** Modules of other shapes than the models have. */
  record Misfit(String name, List<String> modules) implements LoraProblem {
    public Misfit {
      modules = List.copyOf(modules);
    }

    @Override
    public String code() {
      return "BMR0645";
    }

    @Override
    public String message() {
      return "LoRA `" + name + "` has other shapes than the models: " + some(modules);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("it was made for another architecture, or is of a kind bmr does not read");
    }
  }

  /** A DoRA, which is no difference. */
  record Dora(String name, List<String> modules) implements LoraProblem {
    public Dora {
      modules = List.copyOf(modules);
    }

    @Override
    public String code() {
      return "BMR0646";
    }

    @Override
    public String message() {
      return "LoRA `"
          + name
          + "` is a DoRA, and no model stands before it in its sum: "
          + some(modules);
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "write the whole model before it: `A x 0.5 + B x 0.5 + lora(\"%s\") x 0.7`"
              .formatted(name));
    }
  }

  /** A LoRA that cannot be extracted as it is written. */
  record WrongExtraction(String fault) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0648";
    }

    @Override
    public String message() {
      return "`extract_lora` " + fault;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("write `L = extract_lora(A - B, rank: 64)` and `save L`");
    }
  }

  /** A LoRA in a recipe for a tool whose format has none. */
  record NotExported(String name) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0647";
    }

    @Override
    public String message() {
      return "the LoRA `" + name + "` cannot be exported";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("save the model with the LoRA merged, and export what is made of it");
    }
  }

  /** A file of adapters that are no additions to a weight. */
  record OtherKind(String name, String kind) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0680";
    }

    @Override
    public String message() {
      return "`" + name + "` has modules of the kind " + kind + ", which bmr does not apply";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("merge it with the tool that made it, and use the merged model");
    }
  }

  /** Something else than a difference where a LoRA is to be extracted. */
  record NoDifference(String name) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0681";
    }

    @Override
    public String message() {
      return "`" + name + "` is a model, and a LoRA is made of a difference";
    }

    @Override
    public Optional<String> hint() {
      return Optional.of(
          "subtract the model that the LoRA is for: `extract_lora(A - B, rank: 64)`");
    }
  }

  /** A LoRA for another architecture than that of the models. */
  record OtherArchitecture(String name, String made, String models) implements LoraProblem {
    @Override
    public String code() {
      return "BMR0682";
    }

    @Override
    public String message() {
      return "LoRA `" + name + "` is for " + made + ", and the models are " + models;
    }

    @Override
    public Optional<String> hint() {
      return Optional.of("a LoRA changes layers of one architecture only: use one for " + models);
    }
  }
}
