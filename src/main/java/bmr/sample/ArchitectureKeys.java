package bmr.sample;

import bmr.model.Architecture;
import bmr.tensor.Shape;
import java.util.SequencedMap;
import java.util.Set;

/** Keys of real checkpoints, where bmr knows them. */
public final class ArchitectureKeys {
  private ArchitectureKeys() {}

  /** All keys of SD 1.x, SD 2.x or SDXL, sorted; none for other architectures. */
  public static Set<String> of(Architecture architecture) {
    return TensorTable.has(architecture) ? TensorTable.of(architecture).keySet() : Set.of();
  }

  /**
   * The same keys with the shapes of real checkpoints.
   *
   * @throws IllegalArgumentException for architectures that bmr has no keys of
   */
  public static SequencedMap<String, Shape> shapes(Architecture architecture) {
    return TensorTable.of(architecture);
  }
}
