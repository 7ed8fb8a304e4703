package bmr.engine;

import bmr.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Carries plans out: reads ranges, computes block by block, writes one file. */
public final class Materializer {
  private Materializer() {}

  /**
   * Makes the file. The target appears whole or stays as it was; the bytes do not depend on the
   * plan's limits.
   *
   * @param cancelled asked for every chunk of work; true ends the run with a {@link
   *     java.util.concurrent.CancellationException} and no litter
   * @throws bmr.diagnostic.ProblemException with a RunProblem for space, unwritable folders, values
   *     that do not fit the type
   */
  public static RunReport write(
      Plan plan,
      List<Checkpoint> sources,
      Path target,
      Map<String, String> metadata,
      boolean allowNonFinite,
      Progress progress,
      BooleanSupplier cancelled) {
    throw new UnsupportedOperationException();
  }
}
