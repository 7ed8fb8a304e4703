package bmr.checkpoint;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The endings of model files. Any other ending belongs to the name: {@code sd1.4} stays whole. */
public enum ModelExtension {
  /** The index of a model in several files. */
  INDEX(".safetensors.index.json"),
  /** The same of a variant in half precision. */
  INDEX_F16(".safetensors.index.fp16.json"),
  INDEX_BF16(".safetensors.index.bf16.json"),
  SAFETENSORS(".safetensors"),
  CKPT(".ckpt"),
  PT(".pt"),
  PTH(".pth"),
  BIN(".bin");

  private final String ending;

  ModelExtension(String ending) {
    this.ending = ending;
  }

  private String ending() {
    return ending;
  }

  /** The ending of a file's name, whatever its case. */
  public static Optional<ModelExtension> of(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    for (ModelExtension extension : values()) {
      if (lower.endsWith(extension.ending()) && lower.length() > extension.ending().length()) {
        return Optional.of(extension);
      }
    }
    return Optional.empty();
  }

  /** The file's name without a known ending. */
  public static String stem(Path file) {
    return stem(String.valueOf(file.getFileName()));
  }

  /** A file name without a known ending. */
  public static String stem(String fileName) {
    return of(fileName)
        .map(known -> fileName.substring(0, fileName.length() - known.ending().length()))
        .orElse(fileName);
  }
}
