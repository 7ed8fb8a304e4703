package bmr.checkpoint;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of models in several files: {@code x-00001-of-00003.safetensors} and {@code
 * x.safetensors.index.json}, as Transformers and Diffusers write them.
 */
final class ShardNames {
  private static final String INDEX = ".safetensors.index.json";
  private static final Pattern ANY_INDEX =
      Pattern.compile(
          ".+\\.safetensors\\.index(\\.fp16|\\.bf16)?\\.json", Pattern.CASE_INSENSITIVE);

  private static final Pattern SHARD =
      Pattern.compile(
          "(.+?)(\\.fp16|\\.bf16)?-[0-9]{5}-of-[0-9]{5}(\\.fp16|\\.bf16)?\\.safetensors",
          Pattern.CASE_INSENSITIVE);

  /** No folders, no drive letters, nothing unprintable. */
  private static final Pattern PLAIN = Pattern.compile("[^/\\\\:\\p{Cntrl}]+\\.safetensors");

  private ShardNames() {}

  static boolean isIndex(String fileName) {
    return ANY_INDEX.matcher(fileName).matches();
  }

  /**
   * The indices that a shard of this name may belong to. Those of a variant stand with the variant
   * in one place or the other: {@code x.fp16.safetensors.index.json}, {@code
   * x.safetensors.index.fp16.json}.
   */
  static List<String> indicesOf(String fileName) {
    Matcher matcher = SHARD.matcher(fileName);
    if (!matcher.matches()) {
      return List.of();
    }
    String variant =
        Optional.ofNullable(matcher.group(2))
            .or(() -> Optional.ofNullable(matcher.group(3)))
            .orElse("");
    String stem = matcher.group(1);
    return variant.isEmpty()
        ? List.of(stem + INDEX)
        : List.of(stem + variant + INDEX, stem + ".safetensors.index" + variant + ".json");
  }

  /** Whether an index may name such a file. */
  static boolean isPlain(String fileName) {
    return PLAIN.matcher(fileName).matches();
  }

  /** The name of the index of a model. */
  static String index(String stem) {
    return stem + INDEX;
  }

  /** The name of a shard, counted from 1. */
  static String shard(String stem, int number, int count) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, number, count);
  }
}
