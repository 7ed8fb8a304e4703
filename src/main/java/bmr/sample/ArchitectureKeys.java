package bmr.sample;

import bmr.model.Architecture;
import java.util.Set;

/** Keys of real checkpoints, where bmr knows them. */
public final class ArchitectureKeys {
  private ArchitectureKeys() {}

  /** All keys of SD 1.x or SDXL, sorted; none for other architectures. */
  public static Set<String> of(Architecture architecture) {
    return switch (architecture) {
      case SD1, SDXL -> TensorTable.of(architecture).keySet();
      case SD2, SD3, FLUX, UNKNOWN -> Set.of();
    };
  }
}
