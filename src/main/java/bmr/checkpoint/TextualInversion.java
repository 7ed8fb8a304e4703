package bmr.checkpoint;

import bmr.tensor.TensorInfo;
import java.util.Map;
import java.util.Set;

/**
 * Recognises textual inversions: the vectors of a new word for a text encoder. Web UIs write them
 * as {@code string_to_param} or {@code emb_params}, for SDXL as {@code clip_l} and {@code clip_g};
 * Diffusers writes one tensor under the word itself.
 */
final class TextualInversion {
  private static final Set<String> KEYS = Set.of("emb_params", "clip_l", "clip_g");
  private static final String PARAMETERS = "string_to_param";
  private static final int MOST_TENSORS = 4;

  /** Numbers per vector of CLIP ViT-L, OpenCLIP ViT-H and OpenCLIP ViT-bigG. */
  private static final Set<Long> WIDTHS = Set.of(768L, 1024L, 1280L);

  private TextualInversion() {}

  /** Whether a file with these tensors is one. */
  static boolean isOne(Map<String, TensorInfo> tensors) {
    return tensors.size() <= MOST_TENSORS
        && tensors.values().stream().anyMatch(tensor -> isVectors(tensor, tensors.size() == 1));
  }

  private static boolean isVectors(TensorInfo tensor, boolean only) {
    String key = tensor.key();
    int rank = tensor.shape().rank();
    if (!tensor.dtype().isFloat() || rank < 1 || rank > 2) {
      return false;
    }
    if (KEYS.contains(key) || key.equals(PARAMETERS) || key.startsWith(PARAMETERS + ".")) {
      return true;
    }
    // the word may be any; keys of networks have dots in them
    return only && key.indexOf('.') < 0 && WIDTHS.contains(tensor.shape().dimension(rank - 1));
  }
}
