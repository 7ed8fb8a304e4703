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
 * convert_diffusers_to_original_stable_diffusion.py} and {@code ..._sdxl.py}).
 */
enum KeyTable {
  UNET("unet"),
  VAE("vae"),
  CLIP("clip"),
  OPENCLIP("openclip");

  /** How the values of a single file come from those of Diffusers. */
  enum Form {
    SAME,
    /** Rows of a fused matrix: the query. */
    FIRST,
    /** The key. */
    SECOND,
    /** The value. */
    THIRD,
    /** A matrix whose rows are the other's columns. */
    TRANSPOSED,
    /** The shape [n, m, 1, 1] for [n, m]. */
    CONVOLUTION
  }

  /** A key in the other layout. */
  record Name(String key, Form form) {}

  private record Rule(String from, String to, Form form, Optional<String> where) {}

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
    boolean conditional = how.startsWith("where ");
    Form form =
        how.isEmpty() || conditional ? Form.SAME : Form.valueOf(how.toUpperCase(Locale.ROOT));
    for (Map<Character, Integer> numbers : KeyPattern.choices(cells[0])) {
      String diffusers = KeyPattern.filled(cells[0], numbers);
      String single = KeyPattern.filled(cells[1], numbers);
      Optional<String> where =
          conditional
              ? Optional.of(KeyPattern.filled(how.substring("where ".length()), numbers))
              : Optional.empty();
      toSingle.merge(diffusers, List.of(new Rule(diffusers, single, form, where)), KeyTable::both);
      toDiffusers.merge(
          single, List.of(new Rule(single, diffusers, form, Optional.empty())), KeyTable::both);
    }
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
        .filter(rule -> rule.where().isEmpty() || hasFamily.test(rule.where().get()))
        .map(rule -> name(rule, key))
        .findFirst();
  }

  /**
   * Today's names in Diffusers for a key of the single file, again without its beginning: three
   * where it is fused, one otherwise, none where Diffusers has no such tensor.
   */
  List<Name> diffusers(String key) {
    var names = rules(toDiffusers, key).stream().map(rule -> name(rule, key)).toList();
    boolean fused = !names.isEmpty() && names.getFirst().form() == Form.FIRST;
    return names.subList(0, fused ? 3 : Math.min(1, names.size()));
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
