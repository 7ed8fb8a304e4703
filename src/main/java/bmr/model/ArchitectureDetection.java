package bmr.model;

import bmr.tensor.TensorInfo;
import java.util.List;
import java.util.Map;

/** Tells architectures apart by what their descriptions ask of keys and shapes. */
public final class ArchitectureDetection {
  private ArchitectureDetection() {}

  /**
   * The architecture of a file by its tensors in the canonical spelling. A U-Net or a text encoder
   * alone is enough; a VAE alone is UNKNOWN, because SD 1.x, 2.x and SDXL share its keys and
   * shapes.
   */
  public static Architecture of(Map<String, TensorInfo> tensors) {
    return of(tensors, List.of());
  }

  /**
   * The same, where descriptions of a user come before those that bmr has.
   *
   * @param own in the order in which they are tried
   */
  public static Architecture of(Map<String, TensorInfo> tensors, List<Architecture> own) {
    return Architecture.first(own, tensors)
        .or(() -> Architecture.first(Architecture.values(), tensors))
        .orElse(Architecture.UNKNOWN);
  }
}
