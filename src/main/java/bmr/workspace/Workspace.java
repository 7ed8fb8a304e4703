package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.engine.Limits;
import bmr.engine.OutputType;
import bmr.engine.Plan;
import bmr.graph.FoldedModel;
import bmr.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** One recipe together with its files: from text to plan. */
public final class Workspace implements AutoCloseable {
  /**
   * What to open.
   *
   * @param recipe the script, or empty where a formula stands for it
   * @param formula the text behind {@code -e}
   * @param modelFolders from {@code --models}; searched beside the script's own {@code models}
   *     statements
   * @param settings from {@code --set}: parameter or {@code let} to its text
   */
  public record Request(
      Optional<Path> recipe,
      Optional<String> formula,
      List<Path> modelFolders,
      SequencedMap<String, String> settings) {}

  private Workspace() {}

  /** Parses, binds, opens headers, checks; problems of the recipe are in {@link #diagnostics}. */
  public static Workspace open(Request request) {
    throw new UnsupportedOperationException();
  }

  /** Everything that is to be said about the recipe, in the order of the text. */
  public List<Diagnostic> diagnostics() {
    throw new UnsupportedOperationException();
  }

  /** Whether an error stands: then nothing can be planned. */
  public boolean failed() {
    throw new UnsupportedOperationException();
  }

  public Recipe recipe() {
    throw new UnsupportedOperationException();
  }

  /** The open sources, by the recipe's source indices. */
  public List<Checkpoint> sources() {
    throw new UnsupportedOperationException();
  }

  /**
   * What to save: all {@code save} statements; without any, the one definition that nothing uses.
   *
   * @param only a name from {@code --only}
   * @throws bmr.diagnostic.ProblemException if that is no definition or not decided
   */
  public List<Output> outputs(Optional<String> only, boolean all) {
    throw new UnsupportedOperationException();
  }

  /**
   * A model to save.
   *
   * @param name the definition
   * @param fileName relative to the output folder, or absolute
   * @param fullName what the file's metadata calls it
   */
  public record Output(String name, Path fileName, Optional<OutputType> type, String fullName) {}

  /** The formulas of a definition or a source. */
  public FoldedModel fold(String name) {
    throw new UnsupportedOperationException();
  }

  /** The plan for an output. */
  public Plan plan(Output output, Limits limits) {
    throw new UnsupportedOperationException();
  }

  /** The metadata that the output carries. */
  public Map<String, String> metadata(Output output, Plan plan) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
