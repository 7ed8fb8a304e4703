package bmr.checkpoint;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Spellings of tensor names. The canonical one is that of single-file checkpoints with the text
 * encoder with the inner model named ({@code text_model.}); files from before lack that part of the
 * name. OpenCLIP names ({@code cond_stage_model.model.}) stay as they are.
 */
final class KeyDialect {
  private static final String CLIP = "cond_stage_model.transformer.";
  private static final List<String> OLD_CLIP =
      List.of("embeddings.", "encoder.", "final_layer_norm.");

  private static final String VAE = "first_stage_model.";

  /** Keys of a VAE's file of its own; what training left there is {@code loss.} and the like. */
  private static final Pattern VAE_ALONE =
      Pattern.compile(
          "(encoder|decoder)\\.(conv_in|conv_out|norm_out|mid|up|down)\\..*|(post_)?quant_conv\\..*");

  private KeyDialect() {}

  /**
   * Whether the keys are those of a VAE in a file of its own, where they lack {@code
   * first_stage_model.}; the files of diffusers have other names throughout and are none.
   */
  static boolean isVaeAlone(Collection<String> keys) {
    boolean other =
        keys.stream()
            .anyMatch(key ->
                key.startsWith(VAE)
                    || key.startsWith(CLIP)
                    || key.startsWith("model.")
                    || (key.startsWith("encoder.") || key.startsWith("decoder."))
                        && !VAE_ALONE.matcher(key).matches());
    return !other && keys.stream().anyMatch(key -> VAE_ALONE.matcher(key).matches());
  }

  /** The canonical spelling of a key in the file of a VAE alone. */
  static String canonicalVae(String key) {
    return VAE_ALONE.matcher(key).matches() ? VAE + key : key;
  }

  /** The canonical spelling of a key. */
  static String canonical(String key) {
    if (key.startsWith(CLIP)) {
      for (String old : OLD_CLIP) {
        if (key.startsWith(old, CLIP.length())) {
          return CLIP + "text_model." + key.substring(CLIP.length());
        }
      }
    }
    String bare = key.startsWith("vae.") ? key.substring("vae.".length()) : "";
    return VAE_ALONE.matcher(bare).matches() ? VAE + bare : key;
  }
}
