package bmr.workspace;

import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.tensor.Shape;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Channels of the latents of a model, as its U-Net and its VAE have them.
 *
 * @param unet 4 for SD 1.x, 2.x and SDXL, 16 for SD 3 and Flux
 * @param vaeName the file that the VAE is from, the first one where there are several
 */
record LatentChannels(long unet, long vae, String vaeName) {
  private static final String UNET = "model.diffusion_model.";
  private static final String VAE = "first_stage_model.decoder.conv_in.weight";

  /** Empty where the model has no U-Net, no VAE, or networks that are not known. */
  static Optional<LatentChannels> of(FoldedModel model) {
    long unet = 0;
    @Nullable FoldedTensor vae = null;
    for (FoldedTensor tensor : model.tensors()) {
      unet = Math.max(unet, channels(tensor.key(), tensor.shape()));
      if (tensor.key().equals(VAE) && tensor.shape().rank() == 4) {
        vae = tensor;
      }
    }
    if (unet == 0 || vae == null || vae.formula().sources().isEmpty()) {
      return Optional.empty();
    }
    String name = model.sources().get(vae.formula().sources().iterator().next());
    return Optional.of(new LatentChannels(unet, vae.shape().dimension(1), name));
  }

  /** Channels by the one tensor of a network that tells of them; 0 for others. */
  private static long channels(String key, Shape shape) {
    if (!key.startsWith(UNET)) {
      return 0;
    }
    return switch (key.substring(UNET.length())) {
      case "out.2.weight" -> shape.rank() == 4 ? shape.dimension(0) : 0;
      case "x_embedder.proj.weight" -> shape.rank() == 4 ? shape.dimension(1) : 0;
      // Flux: patches of 2 by 2
      case "final_layer.linear.weight" ->
          shape.rank() == 2 && shape.dimension(0) % 4 == 0 ? shape.dimension(0) / 4 : 0;
      default -> 0;
    };
  }

  boolean differ() {
    return unet != vae;
  }
}
