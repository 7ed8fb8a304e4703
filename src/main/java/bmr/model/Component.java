package bmr.model;

import java.util.Optional;
import java.util.Set;

/** What a model consists of: networks that are used, trained and exchanged apart. */
public enum Component {
  /** All text encoders: {@code clip}. */
  CLIP("clip", "text encoder"),
  /**
   * The network that is sampled, with the markers and schedules that say how: {@code unet},
   * whatever an architecture calls it.
   */
  UNET("unet", "U-Net"),
  VAE("vae", "VAE");

  /** Pieces of keys that tell of a component where the part of a key does not. */
  public static final Set<String> PIECES = Set.of("text_encoders.", "model_ema.", "vae.");

  private final String word;
  private final String label;

  Component(String word, String label) {
    this.word = word;
    this.label = label;
  }

  /** The word of the language. */
  public String word() {
    return word;
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /** The component that a word of the language means. */
  public static Optional<Component> named(String word) {
    for (Component component : values()) {
      if (component.word.equals(word)) {
        return Optional.of(component);
      }
    }
    return Optional.empty();
  }

  /** The component of a tensor, by its part and its key in the canonical spelling. */
  public static Optional<Component> of(Part part, String key) {
    return switch (part) {
      case UNET, TIME, LABEL, HEAD -> Optional.of(UNET);
      case CLIP, CLIP_L, CLIP_G -> Optional.of(CLIP);
      case VAE -> Optional.of(VAE);
      case OTHER -> ofOther(key);
    };
  }

  private static Optional<Component> ofOther(String key) {
    if (key.startsWith("text_encoders.")) {
      return Optional.of(CLIP);
    }
    if (key.startsWith("vae.")) {
      return Optional.of(VAE);
    }
    return key.startsWith("model_ema.") ? Optional.of(UNET) : Optional.empty();
  }

  /** Whether a tensor belongs to the component. */
  public boolean holds(Part part, String key) {
    return of(part, key).filter(component -> component == this).isPresent();
  }
}
