package bmr.checkpoint;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.QuantizationProblem;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Kinds of quantization that are refused, by the names that their tools give to tensors:
 * bitsandbytes, AutoGPTQ and AutoAWQ, compressed-tensors, DeepSeek's and NVIDIA's block scales,
 * quanto, Nunchaku, ComfyUI's later kinds.
 */
final class PackedKinds {
  private record Kind(String name, Pattern key) {}

  private static final List<Kind> KINDS =
      List.of(
          kind(
              "NF4 or another kind of bitsandbytes",
              "\\.((nested_)?(absmax|quant_map)|quant_state\\..*|SCB)$"),
          kind("GPTQ or AWQ", "\\.(qweight|qzeros)$"),
          kind("block-wise scales", "\\.weight_scale_(inv|2)$"),
          kind("compressed-tensors", "\\.weight_(packed|zero_point)$"),
          kind("quanto", "\\.weight\\._(data|scale)$"),
          kind("Nunchaku", "\\.(wscales|smooth_factor(_orig)?)$"),
          kind("ComfyUI's mixed precision", "\\.comfy_quant$"));

  /** What ComfyUI writes where layers differ in their kinds. */
  private static final String METADATA = "_quantization_metadata";

  private PackedKinds() {}

  private static Kind kind(String name, String key) {
    return new Kind(name, Pattern.compile(key));
  }

  /** What nearly all keys are; the patterns take longer than the rest of a header. */
  private static boolean isPlain(String key) {
    return (key.endsWith(".weight") || key.endsWith(".bias")) && !key.contains("quant_state");
  }

  /**
   * Does nothing for a file that holds plain numbers.
   *
   * @throws ProblemException with a QuantizationProblem for the first tensor that tells of a packed
   *     kind
   */
  static void refuse(Checkpoint file) {
    for (Checkpoint.StoredTensor stored : file.stored().values()) {
      String key = stored.storedKey();
      if (isPlain(key)) {
        continue;
      }
      for (Kind kind : KINDS) {
        if (kind.key().matcher(key).find()) {
          throw new ProblemException(
              new QuantizationProblem.PackedValues(file.path(), kind.name(), key));
        }
      }
    }
    if (file.metadata().containsKey(METADATA)) {
      throw new ProblemException(
          new QuantizationProblem.QuantizedByMetadata(file.path(), METADATA));
    }
  }
}
