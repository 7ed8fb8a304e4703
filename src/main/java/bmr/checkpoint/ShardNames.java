package bmr.checkpoint;

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
  private static final Pattern SHARD =
      Pattern.compile("(.+)-[0-9]{5}-of-[0-9]{5}\\.safetensors", Pattern.CASE_INSENSITIVE);

  /** No folders, no drive letters, nothing unprintable. */
  private static final Pattern PLAIN = Pattern.compile("[^/\\\\:\\p{Cntrl}]+\\.safetensors");

  private ShardNames() {}

  static boolean isIndex(String fileName) {
    return fileName.length() > INDEX.length() && fileName.toLowerCase(Locale.ROOT).endsWith(INDEX);
  }

  /** The index that a shard of this name belongs to. */
  static Optional<String> indexOf(String fileName) {
    Matcher matcher = SHARD.matcher(fileName);
    return matcher.matches() ? Optional.of(matcher.group(1) + INDEX) : Optional.empty();
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
