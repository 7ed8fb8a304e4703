package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.WrappedCheckpoint;
import bmr.diagnostic.ProblemException;
import bmr.engine.FoldedCheckpoint;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.ModelFolding;
import bmr.graph.ModelGraph;
import bmr.graph.ModelGraph.Applied;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.lora.LoraCheckpoint;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.SourceModel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * LoRAs that normalize by what stands before them: each becomes a source of its own, the difference
 * that it makes of the folded model before it. The weight is then a coefficient like any other: W +
 * w · (W' − W).
 */
final class AppliedLoras {
  private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");

  private final ModelGraph graph;
  private final List<Checkpoint> sources;

  private AppliedLoras(ModelGraph graph, List<Checkpoint> sources) {
    this.graph = graph;
    this.sources = sources;
  }

  /** A recipe and its sources, the applied LoRAs behind those that were written. */
  record Result(Recipe recipe, List<Checkpoint> sources) {}

  static Result of(Recipe recipe, ModelGraph graph, List<Checkpoint> written, OpenLoras loras) {
    if (graph.applied().isEmpty()) {
      loras.reportUnapplied(graph);
      return new Result(recipe, written);
    }
    List<Checkpoint> sources = new ArrayList<>(written);
    List<SourceModel> models = new ArrayList<>(recipe.sources());
    for (Applied applied : graph.applied()) {
      SourceModel lora = recipe.sources().get(applied.lora());
      String name = lora.name().replaceFirst("^lora\\(", "dora(");
      models.add(new SourceModel(name, lora.file(), lora.license(), List.of(), true, lora.place()));
      sources.add(new UnopenedCheckpoint(name, lora.file().path()));
    }
    var fitting = new AppliedLoras(graph, sources);
    for (Applied applied : inOrder(graph)) {
      boolean open =
          graph.sourcesBelow(applied.base()).stream()
              .noneMatch(source -> sources.get(source) instanceof UnopenedCheckpoint);
      Optional<Checkpoint> under = open ? fitting.under(applied, recipe) : Optional.empty();
      String name = models.get(applied.source()).name();
      LoraCheckpoint lora =
          LoraCheckpoint.of(name, new Borrowed(loras.file(applied.lora())), loras.base(), under);
      sources.set(applied.source(), lora);
      if (under.isPresent()) {
        loras.report(applied.lora(), lora);
      }
    }
    loras.reportUnapplied(graph);
    Recipe extended =
        new Recipe(
            models,
            recipe.models(),
            recipe.saves(),
            recipe.compares(),
            recipe.blockMap(),
            recipe.stepwise(),
            recipe.keepsEma(),
            recipe.expectations());
    return new Result(extended, sources);
  }

  /** What stands before one of them may have others in it: those come first. */
  private static List<Applied> inOrder(ModelGraph graph) {
    return graph.applied().stream()
        .sorted(java.util.Comparator.comparingInt(Applied::base))
        .toList();
  }

  private Optional<Checkpoint> under(Applied applied, Recipe recipe) {
    try {
      FoldedModel model =
          ModelFolding.fold("base", graph, applied.base(), sources, recipe.blockMap());
      return Optional.of(FoldedCheckpoint.of(model, sources, this::isModel));
    } catch (ProblemException e) {
      return Optional.empty(); // what is made of it has the same problem, and tells it
    }
  }

  /** Whether the coefficients add up to 1: parts of models have no lengths to normalize. */
  private boolean isModel(FoldedTensor tensor) {
    if (!(tensor.formula() instanceof TensorFormula.Blend(LinearForm form))) {
      return false;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (LinearForm.Term term : form.terms()) {
      boolean difference =
          term.operand() instanceof Operand.Source(int source)
              && sources.get(source) instanceof LoraCheckpoint;
      sum = difference ? sum : sum.add(term.coefficient());
    }
    return sum.subtract(BigDecimal.ONE).abs().compareTo(TOLERANCE) <= 0;
  }

  /** A file that somebody else closes. */
  private record Borrowed(Checkpoint file) implements WrappedCheckpoint {
    @Override
    public void close() {}
  }
}
