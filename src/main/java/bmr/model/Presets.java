package bmr.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Named lists of weights that tools have shipped since merge-block-weighted-gui: 38 for SD 1.x (26
 * values) and 34 for SDXL (20 values, from Model Mixer). The tables are resources beside this
 * class; their history is in docs/block-maps.md.
 */
public final class Presets {
  private static final SequencedMap<String, List<BigDecimal>> SD1 =
      read("presets-sd1.tsv", BlockLists.LONG);
  private static final SequencedMap<String, List<BigDecimal>> SDXL =
      read("presets-sdxl.tsv", BlockLists.SHORT);

  private Presets() {}

  /** All names, those of SD 1.x first, in the order of the tables. */
  public static List<String> names() {
    var names = new LinkedHashSet<>(SD1.keySet());
    names.addAll(SDXL.keySet());
    return List.copyOf(names);
  }

  /** The preset with exactly this name, in either table. */
  public static Optional<Weight.Preset> find(String name) {
    boolean known = SD1.containsKey(name) || SDXL.containsKey(name);
    return known ? Optional.of(new Weight.Preset(name)) : Optional.empty();
  }

  /**
   * The values in the order of {@link Architecture#blocks}. On SDXL the table for SDXL is asked
   * first, then the one for SD 1.x, converted as lists of 26 are. Empty where the name is unknown
   * or does not fit the architecture.
   */
  public static Optional<List<BigDecimal>> values(String name, Architecture architecture) {
    if (misfit(name, architecture).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        architecture.blocks().stream()
            .map(block -> value(name, architecture, block).orElseThrow())
            .toList());
  }

  /** The value for a block; empty where {@link #misfit} has something to say. */
  static Optional<BigDecimal> value(String name, Architecture architecture, Block block) {
    @Nullable List<BigDecimal> list = list(name, architecture);
    int index = list == null ? -1 : BlockLists.index(list.size(), architecture, block);
    return list == null || index < 0 ? Optional.empty() : Optional.of(list.get(index));
  }

  /** Why a preset cannot be used on an architecture. */
  static Optional<String> misfit(String name, Architecture architecture) {
    @Nullable List<BigDecimal> list = list(name, architecture);
    if (list != null) {
      return BlockLists.misfit(list.size(), architecture);
    }
    return Optional.of(
        SDXL.containsKey(name)
            ? "the preset `" + name + "` is for SDXL only"
            : "no preset is called `" + name + "`");
  }

  private static @Nullable List<BigDecimal> list(String name, Architecture architecture) {
    if (architecture.isSdxl()) {
      return SDXL.getOrDefault(name, SD1.get(name));
    }
    return architecture.equals(Architecture.UNKNOWN)
        ? SD1.getOrDefault(name, SDXL.get(name))
        : SD1.get(name);
  }

  private static SequencedMap<String, List<BigDecimal>> read(String resource, int length) {
    var table = new LinkedHashMap<String, List<BigDecimal>>();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Presets.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
      for (String line : reader.lines().skip(1).toList()) {
        String[] cells = line.split("\t", -1);
        if (cells.length != length + 1) {
          throw new IllegalStateException(resource + ": " + line);
        }
        table.put(cells[0], Arrays.stream(cells).skip(1).map(BigDecimal::new).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Collections.unmodifiableSequencedMap(table);
  }
}
