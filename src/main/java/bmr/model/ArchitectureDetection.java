package bmr.model;

import bmr.tensor.TensorInfo;
import java.util.Map;

/** Tells a model's architecture from the keys and shapes of its header. */
public final class ArchitectureDetection {
  private static final String UNET = "model.diffusion_model.";
  private static final String CROSS_ATTENTION =
      "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight";

  private ArchitectureDetection() {}

  /** The architecture of a file with these tensors by canonical key. */
  public static Architecture of(Map<String, TensorInfo> tensors) {
    String xl = "conditioner.embedders.1.model.transformer.resblocks.9.mlp.c_proj.weight";
    if (tensors.containsKey(xl)) {
      return Architecture.SDXL;
    }
    for (String prefix : new String[] {UNET, ""}) {
      if (tensors.containsKey(prefix + "double_blocks.0.img_attn.proj.weight")) {
        return Architecture.FLUX;
      }
      if (tensors.containsKey(prefix + "context_embedder.weight")) {
        return Architecture.SD3;
      }
      TensorInfo attention = tensors.get(prefix + CROSS_ATTENTION);
      if (attention != null && attention.shape().rank() >= 2) {
        long width = attention.shape().dimension(1);
        if (width == 1024) {
          return Architecture.SD2;
        }
        if (width == 768) {
          return Architecture.SD1;
        }
      }
    }
    return Architecture.UNKNOWN;
  }
}
