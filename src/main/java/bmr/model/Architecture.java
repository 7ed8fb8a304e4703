package bmr.model;

import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * A family of models that share keys and blocks. Those that bmr knows are described by resources,
 * {@code architectures/*.architecture}, in the form that users' own files have; see
 * docs/architectures.md. Two with one name are equal.
 */
public final class Architecture {
  public static final Architecture SD1 = known("sd1");
  public static final Architecture SD2 = known("sd2");
  public static final Architecture SDXL = known("sdxl");
  public static final Architecture SSD_1B = known("ssd-1b");
  public static final Architecture VEGA = known("vega");
  public static final Architecture SDXL_REFINER = known("sdxl-refiner");
  public static final Architecture SD3 = known("sd3");
  public static final Architecture FLUX = known("flux");

  /** Any file with numbered layers. */
  public static final Architecture LAYERS = known("layers");

  /** BASE alone. Goes together with every other: a VAE alone is of this kind. */
  public static final Architecture UNKNOWN =
      new Architecture(
          "UNKNOWN",
          "unknown",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of());

  /** All that are known, in the order in which a file is asked for them; UNKNOWN last. */
  private static final List<Architecture> ALL =
      List.of(FLUX, SD3, SDXL_REFINER, SSD_1B, VEGA, SDXL, SD2, SD1, LAYERS, UNKNOWN);

  private final String name;
  private final String label;
  private final Optional<String> kin;
  private final Optional<String> modelSpec;
  private final Optional<DType> type;
  private final List<List<Condition>> cases;
  private final List<Rule> rules;
  private final List<Block> blocks;

  /**
   * Something that keys must show.
   *
   * @param wanted whether a key that matches must be there, or must not
   * @param shape of it, with -1 where any length will do
   */
  record Condition(boolean wanted, KeyGlob keys, Optional<List<Long>> shape) {
    boolean holds(Map<String, TensorInfo> tensors) {
      return wanted == isThere(tensors);
    }

    private boolean isThere(Map<String, TensorInfo> tensors) {
      if (keys.isKey()) {
        TensorInfo tensor = tensors.get(keys.toString());
        return tensor != null && fits(tensor);
      }
      for (Map.Entry<String, TensorInfo> entry : tensors.entrySet()) {
        if (keys.matches(entry.getKey()) && fits(entry.getValue())) {
          return true;
        }
      }
      return false;
    }

    private boolean fits(TensorInfo tensor) {
      if (shape.isEmpty()) {
        return true;
      }
      List<Long> lengths = shape.get();
      boolean fits = tensor.shape().rank() == lengths.size();
      for (int i = 0; fits && i < lengths.size(); i++) {
        fits = lengths.get(i) < 0 || lengths.get(i) == tensor.shape().dimension(i);
      }
      return fits;
    }

    @Override
    public String toString() {
      return (wanted ? "has " : "lacks ")
          + keys
          + shape.map(lengths -> " " + lengths.toString().replace("-1", "_")).orElse("");
    }
  }

  /** Blocks from one to another of its kind, by the number in the key. */
  record Rule(Block first, Block last, KeyGlob keys) {
    Optional<Block> block(String key) {
      if (first.equals(last)) {
        return keys.matches(key) ? Optional.of(first) : Optional.empty();
      }
      OptionalInt number = keys.number(key);
      boolean inside = number.isPresent() && number.getAsInt() <= last.number() - first.number();
      return inside
          ? Optional.of(new Block(first.group(), first.number() + number.getAsInt()))
          : Optional.empty();
    }
  }

  Architecture(
      String name,
      String label,
      Optional<String> kin,
      Optional<String> modelSpec,
      Optional<DType> type,
      List<List<Condition>> cases,
      List<Rule> rules) {
    this.name = name;
    this.label = label;
    this.kin = kin;
    this.modelSpec = modelSpec;
    this.type = type;
    this.cases = cases.stream().map(List::copyOf).toList();
    this.rules = List.copyOf(rules);
    var all = new TreeSet<Block>();
    all.add(Block.BASE);
    for (Rule rule : rules) {
      for (int number = rule.first().number(); number <= rule.last().number(); number++) {
        all.add(new Block(rule.first().group(), number));
      }
    }
    this.blocks = List.copyOf(all);
  }

  private static Architecture known(String resource) {
    String file = "architectures/" + resource + ".architecture";
    try (InputStream in =
        Objects.requireNonNull(Architecture.class.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String name = resource.toUpperCase(Locale.ROOT).replace('-', '_');
      return ArchitectureText.parse(text, Optional.of(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that bmr knows, UNKNOWN last. */
  public static List<Architecture> values() {
    return ALL;
  }

  /**
   * The one that bmr knows by a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Architecture valueOf(String name) {
    return ALL.stream()
        .filter(one -> one.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no architecture is called " + name));
  }

  /** The name that programs read: {@code SD1}, {@code SDXL}; of a user's own, the label. */
  public String name() {
    return name;
  }

  /** The name that people read. */
  public String label() {
    return label;
  }

  /**
   * The blocks in the order of published lists: 26 for SD 1.x, 2.x and SDXL's refiner (BASE,
   * IN00-IN11, M00, OUT00-OUT11), 20 for SDXL (BASE, IN00-IN08, M00, OUT00-OUT08), BASE and layers
   * for others, BASE alone where nothing is known.
   */
  public List<Block> blocks() {
    return blocks;
  }

  /** Number of IN blocks, and of OUT blocks, of a U-Net: 12, 9, or 0 where there is none. */
  public int depth() {
    long in = blocks.stream().filter(block -> block.group() == Block.Group.IN).count();
    long out = blocks.stream().filter(block -> block.group() == Block.Group.OUT).count();
    return in == out && blocks.contains(Block.MID) ? (int) in : 0;
  }

  /** The block that a key's number names; BASE where none is named. */
  Block block(String key) {
    for (Rule rule : rules) {
      Optional<Block> block = rule.block(key);
      if (block.isPresent()) {
        return block.get();
      }
    }
    return Block.BASE;
  }

  /** Whether it is SDXL or pruned from it: same latents, same text encoders, same lists. */
  public boolean isSdxl() {
    return label.equals("SDXL") || kin.filter("SDXL"::equals).isPresent();
  }

  /** The name in ModelSpec, where it has one. */
  public Optional<String> modelSpec() {
    return modelSpec;
  }

  /** Whether its models are published in BF16. */
  public boolean prefersBf16() {
    return type.filter(DType.BF16::equals).isPresent();
  }

  /** Why a file is of this architecture, as the lines of its description that hold. */
  public Optional<String> reason(Map<String, TensorInfo> tensors) {
    for (List<Condition> conditions : cases) {
      if (conditions.stream().allMatch(condition -> condition.holds(tensors))) {
        var lines = new ArrayList<String>();
        conditions.forEach(condition -> lines.add(condition.toString()));
        return Optional.of(String.join(", ", lines));
      }
    }
    return Optional.empty();
  }

  /** The first of these whose description fits a file. */
  static Optional<Architecture> first(
      Collection<Architecture> candidates, Map<String, TensorInfo> tensors) {
    return candidates.stream().filter(one -> one.reason(tensors).isPresent()).findFirst();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Architecture that && label.equals(that.label);
  }

  @Override
  public int hashCode() {
    return label.hashCode();
  }

  @Override
  public String toString() {
    return label;
  }
}
