package bmr.sample;

import bmr.model.Architecture;
import java.nio.file.Path;
import java.util.List;

/**
 * Synthetic checkpoints with real key names, for the demo, tests and benchmarks. Their metadata
 * says that they are synthetic. The same arguments give the same bytes.
 */
public final class SampleModels {
  private SampleModels() {}

  /** How large the tensors are. */
  public enum Scale {
    /** Shrunken shapes, a few hundred kilobytes a file. */
    TINY,
    /** The real shapes: 2.13 GB a file in F16 for SD 1.x. */
    FULL
  }

  /**
   * A file that was written.
   *
   * @param oddity what is special about it, empty if nothing
   */
  public record Sample(Path file, long size, String oddity) {}

  /**
   * Writes the eleven sources of the Blessing Mix (SD 1.x) or three models (SDXL). Files that are
   * there already with the same content are left alone.
   */
  public static List<Sample> write(Path folder, Scale scale, Architecture architecture) {
    throw new UnsupportedOperationException();
  }
}
