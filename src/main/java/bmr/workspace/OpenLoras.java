package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.LoraProblem;
import bmr.graph.ModelGraph;
import bmr.lora.LoraCheckpoint;
import bmr.model.Architecture;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.SourceModel;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fits the LoRAs of a recipe to its models, and says how much of them is used. */
final class OpenLoras {
  /** Those whose LoRAs can be told apart. */
  private static final List<Architecture> FAMILIES =
      List.of(
          Architecture.SD1,
          Architecture.SD2,
          Architecture.SDXL,
          Architecture.SD3,
          Architecture.FLUX);

  private final Recipe recipe;
  private final List<Checkpoint> sources;
  private final List<Diagnostic> diagnostics;

  private final Map<String, TensorInfo> base = new LinkedHashMap<>();
  private final BitSet normalizing = new BitSet();
  private Architecture architecture = Architecture.UNKNOWN;
  private boolean models;

  /**
   * Looks at the models that LoRAs may change.
   *
   * @param sources as they were opened, LoRAs as plain files
   */
  OpenLoras(Recipe recipe, List<Checkpoint> sources, List<Diagnostic> diagnostics) {
    this.recipe = recipe;
    this.sources = sources;
    this.diagnostics = diagnostics;
    for (int i = 0; i < sources.size(); i++) {
      if (!recipe.sources().get(i).lora()) {
        Checkpoint source = sources.get(i);
        architecture =
            architecture.equals(Architecture.UNKNOWN) ? source.architecture() : architecture;
        models |= !(source instanceof UnopenedCheckpoint);
        if (recipe.sources().stream().anyMatch(SourceModel::lora)) {
          source.tensors().forEach(base::putIfAbsent);
        }
      }
    }
  }

  /** The sources, LoRAs among them as the differences that they make of the models among them. */
  List<Checkpoint> fitted() {
    List<Checkpoint> fitted = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      SourceModel source = recipe.sources().get(i);
      Checkpoint file = sources.get(i);
      if (!source.lora() || file instanceof UnopenedCheckpoint) {
        fitted.add(file);
      } else {
        LoraCheckpoint lora = LoraCheckpoint.of(source.name(), file, base);
        fitted.add(lora);
        normalizing.set(i, !lora.dora().isEmpty());
        if (!normalizing.get(i)) {
          report(i, lora);
        }
      }
    }
    return fitted;
  }

  /** Those that are no differences, because they normalize by what stands before them. */
  BitSet normalizing() {
    return normalizing;
  }

  Map<String, TensorInfo> base() {
    return base;
  }

  /** A source as it was opened. */
  Checkpoint file(int source) {
    return sources.get(source);
  }

  /** Reports those that normalize and have nothing before them. */
  void reportUnapplied(ModelGraph graph) {
    normalizing.stream()
        .filter(graph::uses)
        .forEach(i -> report(i, LoraCheckpoint.of("", sources.get(i), base)));
  }

  /** Says how much of a LoRA is used. */
  void report(int index, LoraCheckpoint lora) {
    if (!models) {
      return;
    }
    SourceModel source = recipe.sources().get(index);
    String name = source.file().name();
    LoraProblem problem;
    if (lora.refusedKind().isPresent()) {
      problem = new LoraProblem.OtherKind(name, lora.refusedKind().get());
    } else if (isForOthers(lora)) {
      problem =
          new LoraProblem.OtherArchitecture(
              name, lora.madeFor().orElse(architecture).label(), architecture.label());
    } else if (!lora.dora().isEmpty()) {
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
    Diagnostic diagnostic = Diagnostic.at(source.place(), problem);
    if (!diagnostics.contains(diagnostic)) {
      diagnostics.add(diagnostic);
    }
  }

  /** Whether it fits in part at most, and its layers are those of another architecture. */
  private boolean isForOthers(LoraCheckpoint lora) {
    return lora.used() < lora.modules()
        && FAMILIES.contains(architecture)
        && lora.madeFor().filter(made -> !made.equals(architecture)).isPresent();
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
