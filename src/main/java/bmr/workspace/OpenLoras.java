package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.LoraProblem;
import bmr.lora.LoraCheckpoint;
import bmr.model.Architecture;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.SourceModel;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Fits the LoRAs of a recipe to its models, and says how much of them is used. */
final class OpenLoras {
  private final Recipe recipe;
  private final List<Checkpoint> sources;
  private final List<Diagnostic> diagnostics;

  private OpenLoras(Recipe recipe, List<Checkpoint> sources, List<Diagnostic> diagnostics) {
    this.recipe = recipe;
    this.sources = sources;
    this.diagnostics = diagnostics;
  }

  /** The sources, LoRAs among them as the differences that they make of the models among them. */
  static List<Checkpoint> fitted(
      Recipe recipe, List<Checkpoint> sources, List<Diagnostic> diagnostics) {
    return recipe.sources().stream().anyMatch(SourceModel::lora)
        ? new OpenLoras(recipe, sources, diagnostics).fitted()
        : sources;
  }

  private List<Checkpoint> fitted() {
    Map<String, TensorInfo> base = new LinkedHashMap<>();
    Architecture architecture = Architecture.UNKNOWN;
    boolean models = false;
    for (int i = 0; i < sources.size(); i++) {
      if (!recipe.sources().get(i).lora()) {
        Checkpoint source = sources.get(i);
        architecture =
            architecture.equals(Architecture.UNKNOWN) ? source.architecture() : architecture;
        models |= !(source instanceof UnopenedCheckpoint);
        source.tensors().forEach(base::putIfAbsent);
      }
    }
    List<Checkpoint> fitted = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      SourceModel source = recipe.sources().get(i);
      Checkpoint file = sources.get(i);
      if (!source.lora() || file instanceof UnopenedCheckpoint) {
        fitted.add(file);
      } else {
        OptionalInt under = DoraBase.of(recipe, i);
        LoraCheckpoint lora =
            LoraCheckpoint.of(
                source.name(),
                file,
                base,
                under.isPresent() ? Optional.of(sources.get(under.getAsInt())) : Optional.empty());
        fitted.add(lora);
        if (models) {
          report(source, lora, architecture);
        }
      }
    }
    return fitted;
  }

  private void report(SourceModel source, LoraCheckpoint lora, Architecture architecture) {
    String name = source.file().name();
    LoraProblem problem;
    if (!lora.dora().isEmpty()) {
      problem = new LoraProblem.Dora(name, lora.dora());
    } else if (lora.used() == 0) {
      problem = new LoraProblem.NoneUsed(name, lora.modules(), reason(lora, architecture));
    } else if (!lora.misfits().isEmpty()) {
      problem = new LoraProblem.Misfit(name, lora.misfits());
    } else if (!lora.unused().isEmpty()) {
      problem = new LoraProblem.SomeUnused(name, lora.used(), lora.modules(), lora.unused());
    } else {
      problem = new LoraProblem.ModulesUsed(name, lora.used(), lora.modules());
    }
    diagnostics.add(Diagnostic.at(source.place(), problem));
  }

  private static String reason(LoraCheckpoint lora, Architecture architecture) {
    if (lora.isNumbered()) {
      return "it numbers its modules and does not name them";
    }
    if (lora.modules() == 0) {
      return "it has none of the tensors that LoRAs have";
    }
    return lora.unused().isEmpty()
        ? "they have other shapes than the models, which are " + architecture.label()
        : "the models, which are "
            + architecture.label()
            + ", have nothing for `"
            + lora.unused().getFirst()
            + "`";
  }
}
