package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.ModelExtension;
import bmr.checkpoint.OutputLayout;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The file that a run would write, and whether it may. */
final class RunTarget {
  private final Path path;
  private final OutputLayout layout;
  private final Plan plan;
  private final Map<String, String> metadata;
  private final boolean telling;
  private final boolean force;
  private boolean upToDate;

  /**
   * A target.
   *
   * @param shardBytes most bytes of tensors in one file, where it may be several
   * @param telling whether the metadata has the recipe and the sources in it
   * @param force whether to make what is up to date again
   */
  RunTarget(
      Path path,
      Plan plan,
      Map<String, String> metadata,
      OptionalLong shardBytes,
      boolean telling,
      boolean force) {
    this(
        path,
        OutputLayout.of(path, plan.outputs(), metadata, shardBytes),
        plan,
        metadata,
        telling,
        force);
  }

  private RunTarget(
      Path path,
      OutputLayout layout,
      Plan plan,
      Map<String, String> metadata,
      boolean telling,
      boolean force) {
    this.layout = layout;
    this.path = path;
    this.plan = plan;
    this.metadata = metadata;
    this.telling = telling;
    this.force = force;
  }

  /** A folder, which is always made again. */
  static RunTarget folder(OutputLayout layout, Plan plan, Map<String, String> metadata) {
    return new RunTarget(layout.target(), layout, plan, metadata, false, true);
  }

  /** The file, the index of several, or the folder. */
  Path path() {
    return layout.target();
  }

  /** What the file will carry. */
  Map<String, String> metadata() {
    return metadata;
  }

  OutputLayout layout() {
    return layout;
  }

  /** After {@link #check}: whether the same recipe made the file from the same sources. */
  boolean upToDate() {
    return upToDate;
  }

  /**
   * Looks at what is at the target.
   *
   * @throws ProblemException if it may not be replaced, or if its name is not that of a safetensors
   *     file
   */
  void check(List<Checkpoint> sources, boolean mayReplace) {
    boolean folder = layout.files().getFirst().equals(layout.target()) && layout.files().size() > 1;
    if (folder) {
      checkSourcesOutside(sources);
    } else {
      checkExtension();
    }
    List<Path> there = layout.files().stream().filter(Files::exists).toList();
    for (Path file : there) {
      for (Checkpoint source : sources) {
        if (isSame(source.path(), file)) {
          throw new ProblemException(
              new RunProblem.TargetIsSource(file, String.valueOf(source.path().getFileName())));
        }
      }
    }
    upToDate = !there.isEmpty() && !force && isCurrent(sources);
    if (!there.isEmpty() && !upToDate && !mayReplace) {
      throw new ProblemException(new RunProblem.TargetExists(there.getFirst()));
    }
  }

  /** A folder is replaced whole. */
  private void checkSourcesOutside(List<Checkpoint> sources) {
    Path target = path.toAbsolutePath().normalize();
    for (Checkpoint source : sources) {
      if (source.path().toAbsolutePath().normalize().startsWith(target)) {
        throw new ProblemException(new RunProblem.TargetIsSource(path, source.name()));
      }
    }
  }

  /** Web UIs choose the reader by the extension, and would read another one as a pickle. */
  private void checkExtension() {
    String name = String.valueOf(path.getFileName());
    if (!ModelExtension.of(name).equals(Optional.of(ModelExtension.SAFETENSORS))) {
      throw new ProblemException(new RunProblem.ForeignExtension(path, ModelExtension.stem(name)));
    }
  }

  private static boolean isSame(Path source, Path file) {
    try {
      return Files.isSameFile(source, file);
    } catch (IOException e) {
      return false;
    }
  }

  /** Same metadata, recipe and sources among it, same tensors, and no source is newer. */
  private boolean isCurrent(List<Checkpoint> sources) {
    if (!telling || !Files.isRegularFile(path())) {
      return false;
    }
    try (Checkpoint there = Checkpoint.open(path())) {
      if (!there.metadata().equals(metadata)
          || there.size() != layout.size()
          || !List.copyOf(there.tensors().values()).equals(plan.outputs())) {
        return false;
      }
      var made = Files.getLastModifiedTime(path());
      for (Checkpoint source : sources) {
        if (Files.getLastModifiedTime(source.path()).compareTo(made) > 0) {
          return false;
        }
      }
      return true;
    } catch (ProblemException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
