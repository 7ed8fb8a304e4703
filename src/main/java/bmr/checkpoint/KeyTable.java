package bmr.checkpoint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The names of one network in the two layouts: Diffusers' folder and the single file. Each table is
 * a resource, {@code keys-*.tsv}: Diffusers' name, the single file's name, and how the values
 * differ where they do. Names that end in a dot stand for all keys that begin so. Of several names
 * on Diffusers' side the first is today's, the others are older.
 *
 * <p>Facts from the mappings of Diffusers' conversion scripts ({@code
 * convert_diffusers_to_original_stable_diffusion.py}, {@code ..._sdxl.py}, {@code
 * convert_sd3_to_diffusers.py} and {@code convert_flux_to_diffusers.py}). A rule may hold only
 * {@code where} the network has keys that begin so: on Diffusers' side in the third column, on the
 * single file's in the fourth.
 */
enum KeyTable {
  UNET("unet"),
  VAE("vae"),
  CLIP("clip"),
  OPENCLIP("openclip"),
  SD3("sd3"),
  FLUX("flux"),
  /** Every key stays as it is. */
  PLAIN("plain");

  /** How the values of a single file come from those of Diffusers. */
  enum Form {
    SAME,
    /** Rows of a fused matrix: the query. */
    FIRST,
    /** The key. */
    SECOND,
    /** The value. */
    THIRD,
    /** What follows them: the first layer of the feed-forward network, in Flux's single blocks. */
    FOURTH,
    /** The two halves of the rows in the other order: (scale, shift) for (shift, scale). */
    SWAPPED,
    /** A matrix whose rows are the other's columns. */
    TRANSPOSED,
    /** The shape [n, m, 1, 1] for [n, m]. */
    CONVOLUTION;

    /** Whether it is one of several that one tensor is made of. */
    boolean isPart() {
      return this == FIRST || this == SECOND || this == THIRD || this == FOURTH;
    }
  }

  /** A key in the other layout. */
  record Name(String key, Form form) {}

  private static final String WHERE = "where ";

  private record Rule(String from, String to, Form form, Optional<String> where) {
    boolean holds(Predicate<String> hasFamily) {
      return where.isEmpty() || hasFamily.test(where.get());
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // filled once, by the constructor
  private final Map<String, List<Rule>> toSingle = new HashMap<>();

  @SuppressWarnings("ImmutableEnumChecker") // filled once, by the constructor
  private final Map<String, List<Rule>> toDiffusers = new HashMap<>();

  KeyTable(String name) {
    read("keys-" + name + ".tsv");
  }

  private void read(String resource) {
    for (String line : lines(resource)) {
      if (!line.startsWith("#")) {
        add(line.split("\t", -1));
      }
    }
  }

  private void add(String[] cells) {
    String how = cells.length > 2 ? cells[2] : "";
    Form form =
        how.isEmpty() || how.startsWith(WHERE)
            ? Form.SAME
            : Form.valueOf(how.toUpperCase(Locale.ROOT));
    String back = cells.length > 3 ? cells[3] : "";
    for (Map<Character, Integer> numbers : KeyPattern.choices(cells[0])) {
      String diffusers = KeyPattern.filled(cells[0], numbers);
      String single = KeyPattern.filled(cells[1], numbers);
      var there = new Rule(diffusers, single, form, condition(how, numbers));
      toSingle.merge(diffusers, List.of(there), KeyTable::both);
      var here = new Rule(single, diffusers, form, condition(back, numbers));
      toDiffusers.merge(single, List.of(here), KeyTable::both);
    }
  }

  private static Optional<String> condition(String cell, Map<Character, Integer> numbers) {
    return cell.startsWith(WHERE)
        ? Optional.of(KeyPattern.filled(cell.substring(WHERE.length()), numbers))
        : Optional.empty();
  }

  private static List<Rule> both(List<Rule> some, List<Rule> more) {
    var all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  /**
   * The single file's name for a key of Diffusers, without the beginning that tells the network.
   *
   * @param hasFamily whether the network has a key that begins so
   */
  Optional<Name> single(String key, Predicate<String> hasFamily) {
    return rules(toSingle, key).stream()
        .filter(rule -> rule.holds(hasFamily))
        .map(rule -> name(rule, key))
        .findFirst();
  }

  /**
   * Today's names in Diffusers for a key of the single file, again without its beginning: several
   * where it is fused, one otherwise, none where Diffusers has no such tensor.
   *
   * @param hasFamily whether the network in the single file has a key that begins so
   */
  List<Name> diffusers(String key, Predicate<String> hasFamily) {
    var names =
        rules(toDiffusers, key).stream()
            .filter(rule -> rule.holds(hasFamily))
            .map(rule -> name(rule, key))
            .toList();
    boolean fused = !names.isEmpty() && names.getFirst().form().isPart();
    return names.subList(0, fused ? names.size() : Math.min(1, names.size()));
  }

  private static Name name(Rule rule, String key) {
    return new Name(rule.to() + key.substring(rule.from().length()), rule.form());
  }

  /** The rules for the key itself or for its longest beginning that has some. */
  private static List<Rule> rules(Map<String, List<Rule>> table, String key) {
    List<Rule> exact = table.get(key);
    int end = key.length();
    while (exact == null && end > 0) {
      int dot = key.lastIndexOf('.', end - 1);
      exact = table.get(key.substring(0, dot + 1));
      end = dot;
    }
    return exact == null ? List.of() : exact;
  }

  private static List<String> lines(String resource) {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(KeyTable.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
