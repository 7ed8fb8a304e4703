package bmr.lora;

import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.model.Architecture;
import bmr.tensor.Shape;
import java.util.Collection;
import java.util.Optional;

/** The architecture that a LoRA was made for, as far as its file tells. */
final class LoraOrigin {
  private LoraOrigin() {}

  /** What the names of modules say, and the width of the text that cross-attention sees. */
  static Optional<Architecture> of(Collection<StoredTensor> tensors) {
    Optional<Architecture> found = Optional.empty();
    for (StoredTensor tensor : tensors) {
      Optional<LoraKey> key = LoraKey.of(tensor.storedKey());
      if (key.isPresent() && found.isEmpty()) {
        found = of(key.get(), tensor.info().shape());
      }
    }
    return found;
  }

  private static Optional<Architecture> of(LoraKey key, Shape shape) {
    String module = key.module();
    if (module.matches("unet:(double_blocks|single_blocks|single_transformer_blocks)_\\d.*")) {
      return Optional.of(Architecture.FLUX);
    }
    if (module.matches("unet:joint_blocks_\\d.*")) {
      return Optional.of(Architecture.SD3);
    }
    boolean text = module.matches("unet:(down|up|mid|input|output|middle)_.*attn2_to_[kv]");
    if (!text || key.role() != Role.DOWN || shape.rank() < 2) {
      return Optional.empty();
    }
    return switch ((int) shape.dimension(1)) {
      case 768 -> Optional.of(Architecture.SD1);
      case 1024 -> Optional.of(Architecture.SD2);
      case 2048 -> Optional.of(Architecture.SDXL);
      default -> Optional.empty();
    };
  }
}
