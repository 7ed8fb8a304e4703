package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.model.Architecture;
import bmr.model.BlockMap;
import bmr.model.TensorRole;
import bmr.recipe.Recipe;
import bmr.tensor.TensorInfo;
import bmr.workspace.Workspace;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Models to compare, from a recipe or from files, as formulas over one list of sources. */
final class Comparands implements AutoCloseable {
  private final Optional<Workspace> workspace;
  private final List<Checkpoint> opened = new ArrayList<>();
  private final List<Checkpoint> sources = new ArrayList<>();
  private final List<FoldedModel> models = new ArrayList<>();

  Comparands(Optional<Workspace> workspace) {
    this.workspace = workspace;
    workspace.ifPresent(open -> sources.addAll(open.sources()));
  }

  /**
   * Adds a model.
   *
   * @param name a definition or source of the recipe, else a file
   * @param own architectures that the user describes
   * @throws ProblemException if it is none of them
   */
  void add(Context context, String name, List<Architecture> own) {
    if (workspace.isPresent() && knows(workspace.get().recipe(), name)) {
      models.add(workspace.get().fitted(name));
      return;
    }
    Path path = context.resolve(Path.of(name));
    if (workspace.isPresent() && !Files.exists(path)) {
      throw new ProblemException(
          new RunProblem.NothingToCompare(name, definitions(workspace.get().recipe())));
    }
    Checkpoint file = Checkpoint.open(path, own);
    opened.add(file);
    sources.add(file);
    models.add(whole(file, sources.size() - 1));
  }

  /** Adds a definition of the recipe whose weights are to be found yet. */
  void addUnfitted(String name) {
    models.add(workspace.orElseThrow().fold(name));
  }

  private static boolean knows(Recipe recipe, String name) {
    return recipe.models().stream().anyMatch(model -> model.name().equals(name))
        || recipe.sources().stream().anyMatch(source -> source.name().equals(name));
  }

  private static List<String> definitions(Recipe recipe) {
    return recipe.models().stream().map(Recipe.NamedModel::name).toList();
  }

  /** A file as a model of its own: every tensor that takes part in merges, unchanged. */
  private static FoldedModel whole(Checkpoint file, int source) {
    var term = new LinearForm.Term(new Operand.Source(source), BigDecimal.ONE);
    var formula = new TensorFormula.Blend(new LinearForm(List.of(term)));
    var tensors = new ArrayList<FoldedTensor>();
    for (TensorInfo tensor : file.tensors().values()) {
      if (TensorRole.of(tensor.key()) == TensorRole.BLENDED && tensor.dtype().isFloat()) {
        tensors.add(
            new FoldedTensor(
                tensor.key(),
                tensor.shape(),
                tensor.dtype(),
                BlockMap.standard().place(file.architecture(), tensor.key()),
                0,
                formula));
      }
    }
    tensors.sort(Comparator.comparing(tensor -> tensor.place().block()));
    return new FoldedModel(
        file.name(), file.architecture(), List.of(file.name()), source, tensors, List.of());
  }

  List<Checkpoint> sources() {
    return List.copyOf(sources);
  }

  /** The models in the order added, all over the same sources. */
  List<FoldedModel> models() {
    List<String> names = sources.stream().map(Checkpoint::name).toList();
    return models.stream()
        .map(model ->
            new FoldedModel(
                model.name(),
                model.architecture(),
                names,
                model.primary(),
                model.tensors(),
                model.cases()))
        .toList();
  }

  /** Closes the files; the workspace belongs to who opened it. */
  @Override
  public void close() {
    opened.forEach(Checkpoint::close);
  }
}
