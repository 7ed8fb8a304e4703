package bmr.sample;

import bmr.model.Architecture;
import bmr.tensor.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Keys and shapes of real checkpoints. A line of the resource stands for many keys: {@code
 * layers.{0|1}.fc.{bias|weight}}, then the shape that they share, as in {@code 768x3072}.
 */
final class TensorTable {
  private static final Map<Architecture, String> RESOURCES =
      Map.of(
          Architecture.SD1, "tensors-sd1.tsv",
          Architecture.SD2, "tensors-sd2.tsv",
          Architecture.SDXL, "tensors-sdxl.tsv");

  private TensorTable() {}

  /** The tensors of an architecture that samples exist for, by key, sorted. */
  static SequencedMap<String, Shape> of(Architecture architecture) {
    var table = new TreeMap<String, Shape>();
    for (String line : lines(resource(architecture))) {
      int tab = line.indexOf('\t');
      Shape shape = shape(line.substring(tab + 1));
      expand(line.substring(0, tab)).forEach(key -> table.put(key, shape));
    }
    return table;
  }

  /** Whether the keys of an architecture are known. */
  static boolean has(Architecture architecture) {
    return RESOURCES.containsKey(architecture);
  }

  private static String resource(Architecture architecture) {
    return Optional.ofNullable(RESOURCES.get(architecture))
        .orElseThrow(() -> new IllegalArgumentException("no samples for " + architecture.label()));
  }

  /** All keys of a pattern; the first pair of braces varies slowest. */
  static List<String> expand(String pattern) {
    List<String> keys = List.of("");
    int position = 0;
    while (position < pattern.length()) {
      int open = pattern.indexOf('{', position);
      if (open < 0) {
        return append(keys, List.of(pattern.substring(position)));
      }
      int close = pattern.indexOf('}', open);
      keys = append(keys, List.of(pattern.substring(position, open)));
      keys = append(keys, List.of(pattern.substring(open + 1, close).split("\\|", -1)));
      position = close + 1;
    }
    return keys;
  }

  private static List<String> append(List<String> keys, List<String> endings) {
    var longer = new ArrayList<String>();
    keys.forEach(key -> endings.forEach(ending -> longer.add(key + ending)));
    return longer;
  }

  private static Shape shape(String text) {
    return new Shape(
        Arrays.stream(text.split("x", -1))
            .filter(length -> !length.isEmpty())
            .map(Long::valueOf)
            .toList());
  }

  private static List<String> lines(String resource) {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(TensorTable.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
