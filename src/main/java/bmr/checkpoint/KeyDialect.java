package bmr.checkpoint;

import java.util.List;

/**
 * Spellings of tensor names. The canonical one is that of single-file checkpoints with the text
 * encoder with the inner model named ({@code text_model.}); files from before lack that part of the
 * name. OpenCLIP names ({@code cond_stage_model.model.}) stay as they are.
 */
final class KeyDialect {
  private static final String CLIP = "cond_stage_model.transformer.";
  private static final List<String> OLD_CLIP =
      List.of("embeddings.", "encoder.", "final_layer_norm.");

  private KeyDialect() {}

  /** The canonical spelling of a key. */
  static String canonical(String key) {
    if (key.startsWith(CLIP)) {
      for (String old : OLD_CLIP) {
        if (key.startsWith(old, CLIP.length())) {
          return CLIP + "text_model." + key.substring(CLIP.length());
        }
      }
    }
    return key;
  }
}
