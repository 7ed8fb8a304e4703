package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.FileContent;
import bmr.checkpoint.ModelKind;
import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.TraceProblem;
import bmr.model.TensorRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The open files of a search for ancestors: candidates, and the target. */
final class TraceCandidates implements AutoCloseable {
  /** Bases of most models, by the names that their files have. */
  private static final Pattern BASES =
      Pattern.compile(
          "v1-[45]|v15|v1-?5-pruned.*|sd-?v1-[45].*|stable-?diffusion-?v?1-[45].*"
              + "|v2-[01].*|sd_?xl_base_1\\.0.*|sd3.*_(medium|large)|flux1-(dev|schnell)");

  /** Of the target's tensors, as little as a candidate must have. */
  private static final double ENOUGH = 0.9;

  private final Checkpoint target;
  private final List<Checkpoint> candidates = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();
  private final Set<Path> known = new HashSet<>();

  /**
   * Opens the target.
   *
   * @throws ProblemException if it is no model
   */
  TraceCandidates(Path target) {
    this.target = Checkpoint.open(target);
    this.known.add(real(target));
    FileContent content = CheckpointDescription.of(this.target).content();
    if (content != FileContent.MODEL && content != FileContent.UNET) {
      this.target.close();
      throw new ProblemException(new TraceProblem.NoTarget(this.target.name(), content.label()));
    }
  }

  static boolean isBase(String name) {
    return BASES.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  /** Adds a model, or all in a folder. */
  void add(Path place) {
    if (!Files.isDirectory(place)) {
      open(place);
      return;
    }
    for (ModelLibrary.Entry entry : ModelLibrary.of(List.of(place)).entries()) {
      if (entry.kind() == ModelKind.MODEL) {
        open(entry.file().path());
      } else {
        notes.add(
            new TraceProblem.CandidateLeftOut(
                entry.file().name(), "it lies where a " + entry.kind().label() + " lies"));
      }
    }
  }

  /** Adds the known bases in a folder that are not there yet. */
  void addBases(Path folder) {
    for (ModelLibrary.Entry entry : ModelLibrary.of(List.of(folder)).entries()) {
      if (entry.kind() == ModelKind.MODEL
          && isBase(entry.file().name())
          && !known.contains(real(entry.file().path()))) {
        int before = candidates.size();
        open(entry.file().path());
        if (candidates.size() > before) {
          notes.add(new TraceProblem.BaseOffered(entry.file().name()));
        }
      }
    }
  }

  private void open(Path path) {
    Path real = real(path);
    if (real.equals(real(target.path()))) {
      notes.add(
          new TraceProblem.TargetAmongCandidates(
              target.name(), String.valueOf(path.getFileName())));
      return;
    }
    if (!known.add(real)) {
      return;
    }
    Checkpoint model;
    try {
      model = Checkpoint.open(path);
    } catch (ProblemException e) {
      notes.add(
          new TraceProblem.CandidateLeftOut(
              String.valueOf(path.getFileName()), e.diagnostics().getFirst().problem().message()));
      return;
    }
    String reason = reason(model);
    if (reason.isEmpty()) {
      candidates.add(model);
    } else {
      notes.add(new TraceProblem.CandidateLeftOut(model.name(), reason));
      model.close();
    }
  }

  /** Why a model cannot be an ancestor; empty if it can. */
  private String reason(Checkpoint model) {
    FileContent content = CheckpointDescription.of(model).content();
    if (content != FileContent.MODEL && content != FileContent.UNET) {
      return "it is no model but: " + content.label();
    }
    if (!model.architecture().equals(target.architecture())) {
      return "it is "
          + model.architecture().label()
          + ", and the target "
          + target.architecture().label();
    }
    int wanted = 0;
    int missing = 0;
    for (String key : target.tensors().keySet()) {
      if (TensorRole.of(key) == TensorRole.BLENDED && !key.startsWith("first_stage_model.")) {
        wanted++;
        missing += model.tensors().containsKey(key) ? 0 : 1;
      }
    }
    return missing > (1 - ENOUGH) * wanted
        ? "it lacks " + missing + " of the target's " + wanted + " tensors"
        : "";
  }

  /** The candidates, and behind them the target. */
  List<Checkpoint> models() {
    var models = new ArrayList<>(candidates);
    models.add(target);
    return models;
  }

  List<Problem> notes() {
    return notes;
  }

  @Override
  public void close() {
    candidates.forEach(Checkpoint::close);
    target.close();
  }
}
