package bmr.interchange.export;

import bmr.diagnostic.ExportProblem;
import bmr.diagnostic.LoraProblem;
import bmr.diagnostic.ProblemException;
import bmr.graph.ModelGraph;
import bmr.model.Architecture;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Recipe.VaeChoice;
import bmr.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a definition of a recipe for another tool. Needs no file but the script. */
public final class Exporter {
  /** Every combination of them is looked at. */
  private static final int MOST_PIECES = 6;

  private final Recipe recipe;
  private final Architecture architecture;
  private final ExportTarget target;
  private final List<Cell> cells;

  private final List<String> pieces;

  private Exporter(Recipe recipe, Architecture architecture, int model, ExportTarget target) {
    this.recipe = recipe;
    this.architecture = architecture;
    this.target = target;
    this.pieces =
        target == ExportTarget.SUPERMERGER
            ? List.copyOf(Reduction.pieces(recipe, model))
            : List.of();
    if (pieces.size() > MOST_PIECES) {
      throw new ProblemException(
          new ExportProblem.ElementsNotExported(
              recipe.models().get(model).name(),
              target.label(),
              "more than " + MOST_PIECES + " different pieces of keys are asked for"));
    }
    this.cells = Cell.of(architecture, recipe.blockMap(), pieces);
  }

  /**
   * A definition in the target's form.
   *
   * @param model its index in the recipe
   * @param markdown whether steps for web UIs are marked up
   * @throws ProblemException if the target cannot say it
   */
  public static String export(
      Recipe recipe, Architecture architecture, int model, ExportTarget target, boolean markdown) {
    boolean known =
        architecture.equals(Architecture.SD1)
            || architecture.equals(Architecture.SDXL)
            || (architecture.equals(Architecture.SD2) && target != ExportTarget.MECHA);
    if (!known) {
      throw new ProblemException(
          new ExportProblem.ArchitectureNotExported(architecture.label(), target.label()));
    }
    ModelGraph graph = ModelGraph.of(recipe);
    for (int source : graph.sourcesBelow(graph.model(model))) {
      if (recipe.sources().get(source).ema()) {
        throw new ProblemException(
            new ExportProblem.MethodNotExported(
                recipe.models().get(model).name(), "ema", target.label()));
      }
      if (recipe.sources().get(source).lora()) {
        throw new ProblemException(
            new LoraProblem.NotExported(recipe.sources().get(source).file().name()));
      }
    }
    return new Exporter(recipe, architecture, model, target).export(model, markdown);
  }

  private String export(int model, boolean markdown) {
    checkMap();
    boolean saves = target == ExportTarget.SUPERMERGER || target == ExportTarget.A1111;
    if (recipe.stepwise().isPresent() && !saves) {
      throw new ProblemException(new ExportProblem.StepwiseNotExported(target.label()));
    }
    Optional<SaveRequest> save =
        recipe.saves().stream().filter(one -> one.model() == model).findFirst();
    save.ifPresent(this::check);
    List<Combination> combinations =
        new Reduction(recipe, cells, Set.copyOf(pieces), target.label()).of(model);
    Map<Operand, String> files = new HashMap<>();
    for (int i = 0; i < recipe.sources().size(); i++) {
      Recipe.SourceModel source = recipe.sources().get(i);
      Path file = source.file().path().getFileName();
      boolean assumed = file == null || file.toString().isEmpty();
      files.put(
          new Operand(source.name(), false, i),
          assumed ? source.name() + ".safetensors" : file.toString());
    }
    return switch (target) {
      case MERGEKIT ->
          MergekitText.of(
              Reduction.folded(combinations),
              cells,
              files,
              dtype(save.flatMap(SaveRequest::dtype)));
      case MECHA -> MechaText.of(steps(combinations, false), cells, architecture, files);
      case A1111, SUPERMERGER ->
          WebUiText.of(
              recipe.models().get(model).name(),
              steps(combinations, target == ExportTarget.SUPERMERGER),
              cells,
              target,
              markdown,
              notes(combinations));
    };
  }

  private List<Step> steps(List<Combination> combinations, boolean triple) {
    Set<String> names = new HashSet<>();
    recipe.sources().forEach(source -> names.add(source.name()));
    recipe.models().forEach(one -> names.add(one.name()));
    return Stepping.of(combinations, triple, names);
  }

  /** Who keeps tensors whatever the weights say must be told so; only SuperMerger knows. */
  private void checkMap() {
    String map = recipe.blockMap().name();
    boolean kept = cells.stream().anyMatch(cell -> !cell.site().place().blended());
    if (map.equals("model-mixer") || (kept && target != ExportTarget.SUPERMERGER)) {
      throw new ProblemException(new ExportProblem.BlockMapNotExported(map, target.label()));
    }
  }

  private void check(SaveRequest save) {
    String name = recipe.models().get(save.model()).name();
    List<String> options = new ArrayList<>();
    if (save.asDifference()) {
      options.add("a difference");
    }
    if (save.unetOnly()) {
      options.add("the U-Net only");
    }
    if (!(save.vae() instanceof VaeChoice.FromFormula) || !save.types().isEmpty()) {
      options.add(save.types().isEmpty() ? "a VAE" : "types of components");
    }
    if (!options.isEmpty()) {
      throw new ProblemException(
          new ExportProblem.SaveOptionNotExported(
              name, String.join(" and ", options), target.label()));
    }
  }

  private static String dtype(Optional<DType> dtype) {
    if (dtype.isEmpty()) {
      return "float16";
    }
    return switch (dtype.get().tag()) {
      case "F32" -> "float32";
      case "BF16" -> "bfloat16";
      case "F64" -> "float64";
      default -> "float16";
    };
  }

  /** SuperMerger of June 2023 knew no SDXL, and later ones have the label embedding in IN00. */
  private void checkLabel(List<Combination> combinations) {
    int label = cells.stream().map(Cell::label).toList().indexOf("LABEL");
    for (Combination combination : combinations) {
      for (Shares shares : combination.terms().values()) {
        if (shares.values().get(label).compareTo(shares.values().get(1)) != 0) {
          throw new ProblemException(
              new ExportProblem.BlockMapNotExported(
                  recipe.blockMap().name(), target.label() + " for SDXL"));
        }
      }
    }
  }

  /** Which version of SuperMerger has the blocks of the recipe. */
  private List<String> notes(List<Combination> combinations) {
    if (target != ExportTarget.SUPERMERGER) {
      return List.of();
    }
    boolean xl = architecture.equals(Architecture.SDXL);
    if (xl && recipe.blockMap().name().equals("supermerger-2023-06")) {
      checkLabel(combinations);
    }
    int last = architecture.depth() * 2 + 1;
    boolean same =
        !xl
            && combinations.stream()
                .flatMap(combination -> combination.terms().values().stream())
                .allMatch(
                    shares -> shares.values().get(1).compareTo(shares.values().get(last)) == 0);
    if (same) {
      return List.of();
    }
    return recipe.blockMap().name().equals("supermerger-2023-07")
        ? List.of("Blocks as in SuperMerger of 2023-07-21 to 2025-11-26.")
        : xl
            ? List.of("Blocks as in SuperMerger since 2025-11-27.")
            : List.of(
                "Blocks as in SuperMerger up to 2023-07-20: later versions put the time",
                "embedding into OUT11, and those since 2025-11-27 fail on SD 1.x.");
  }
}
