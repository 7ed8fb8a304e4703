package bmr.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a model file beyond its tensors.
 *
 * @param hash the digits that web UIs print, where they are known
 * @param licence where the file's metadata or a file beside it say one
 */
public record ModelFacts(Optional<String> hash, Optional<String> licence) {
  private static final int SHORT = 10;
  private static final int SHORT_LORA = 12;
  private static final List<String> LICENCE_KEYS =
      List.of("modelspec.license", "license", "ss_license");

  /** Nothing. */
  public static final ModelFacts NONE = new ModelFacts(Optional.empty(), Optional.empty());

  /** Facts of a described file, without reading it. */
  public static ModelFacts of(CheckpointDescription file, HashCache hashes) {
    Path path = file.path();
    boolean lora = file.content() == FileContent.LORA;
    Optional<String> hash =
        hashes
            .known(kind(file), path)
            .map(digits -> digits.substring(0, lora ? SHORT_LORA : SHORT));
    return new ModelFacts(hash, licence(file.metadata()).or(() -> Sidecar.of(path).licence()));
  }

  /** The kind of hash that web UIs print for a file. */
  public static FileHash.Kind kind(CheckpointDescription file) {
    return file.content() == FileContent.LORA ? FileHash.Kind.TENSORS : FileHash.Kind.WHOLE;
  }

  /** Whether a model is one plain file, which has a hash. */
  public static boolean isHashable(CheckpointDescription file) {
    return Files.isRegularFile(file.path());
  }

  private static Optional<String> licence(Map<String, String> metadata) {
    return LICENCE_KEYS.stream()
        .map(key -> metadata.getOrDefault(key, "").strip())
        .filter(text -> !text.isEmpty())
        .findFirst();
  }
}
