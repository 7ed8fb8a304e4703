package bmr.model;

import bmr.tensor.TensorInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells architectures apart by their keys. Shapes are asked only where the keys are the same: the
 * U-Nets of SD 1.x and 2.x, by the width of the text that {@code attn2} attends to.
 */
public final class ArchitectureDetection {
  private static final String CONTEXT_KEY =
      "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight";

  private ArchitectureDetection() {}

  /** What the keys of a file have in common with the architectures. */
  private static final class Traits {
    boolean flux;
    boolean sd3;
    boolean twelveBlocks;
    boolean nineBlocks;
    boolean label;
    boolean sd1Text;
    boolean sd2Text;
    boolean firstConditioner;
    boolean secondConditioner;

    void take(String key) {
      if (key.startsWith(Part.UNET_PREFIX)) {
        takeUnet(key);
      } else if (key.startsWith("cond_stage_model.transformer.")) {
        sd1Text = true;
      } else if (key.startsWith("cond_stage_model.model.")) {
        sd2Text = true;
      } else if (key.startsWith("conditioner.embedders.0.")) {
        firstConditioner = true;
      } else if (key.startsWith("conditioner.embedders.1.")) {
        secondConditioner = true;
      } else if (key.startsWith("double_blocks.0.img_attn.")) {
        flux = true;
      } else if (key.startsWith("joint_blocks.0.")) {
        sd3 = true;
      }
    }

    private void takeUnet(String key) {
      int start = Part.UNET_PREFIX.length();
      if (key.startsWith("input_blocks.8.", start)) {
        nineBlocks = true;
      } else if (key.startsWith("input_blocks.11.", start)) {
        twelveBlocks = true;
      } else if (key.startsWith("label_emb.", start)) {
        label = true;
      } else if (key.startsWith("double_blocks.0.img_attn.", start)) {
        flux = true;
      } else if (key.startsWith("joint_blocks.0.", start)
          || key.startsWith("context_embedder.", start)) {
        sd3 = true;
      }
    }
  }

  /**
   * The architecture of a file by its tensors in the canonical spelling. A U-Net or a text encoder
   * alone is enough; a VAE alone is UNKNOWN, because SD 1.x, 2.x and SDXL share its keys and
   * shapes. SDXL's refiner is UNKNOWN.
   */
  public static Architecture of(Map<String, TensorInfo> tensors) {
    var traits = new Traits();
    tensors.keySet().forEach(traits::take);
    if (traits.flux) {
      return Architecture.FLUX;
    }
    if (traits.sd3) {
      return Architecture.SD3;
    }
    if (traits.twelveBlocks) {
      return twelveBlocks(traits, tensors.get(CONTEXT_KEY));
    }
    if (traits.nineBlocks) {
      return traits.label ? Architecture.SDXL : Architecture.UNKNOWN;
    }
    if (traits.secondConditioner) {
      return Architecture.SDXL;
    }
    if (traits.sd2Text) {
      return Architecture.SD2;
    }
    return traits.sd1Text ? Architecture.SD1 : Architecture.UNKNOWN;
  }

  private static Architecture twelveBlocks(Traits traits, @Nullable TensorInfo context) {
    if (traits.firstConditioner || traits.secondConditioner) {
      return Architecture.UNKNOWN;
    }
    if (traits.sd1Text) {
      return Architecture.SD1;
    }
    if (traits.sd2Text) {
      return Architecture.SD2;
    }
    long width = context == null || context.shape().rank() < 2 ? 0 : context.shape().dimension(1);
    if (width == 1280) {
      return Architecture.UNKNOWN;
    }
    return width == 1024 ? Architecture.SD2 : Architecture.SD1;
  }
}
