package bmr.model;

import java.util.List;
import java.util.Optional;

/** Puts keys into blocks. The tables and their history: docs/block-maps.md. */
public interface BlockMap {
  /** The name that {@code block_map "..."} takes. */
  String name();

  /** The place of a tensor, by its key in the canonical spelling. */
  Place place(Architecture architecture, String key);

  /** What holds when a script says nothing. */
  static BlockMap standard() {
    return BlockMapProfile.STANDARD;
  }

  /** The map with a name. */
  static Optional<BlockMap> named(String name) {
    return BlockMapProfile.ALL.stream()
        .filter(profile -> profile.name().equals(name))
        .<BlockMap>map(profile -> profile)
        .findFirst();
  }

  /** All names, the standard one first. */
  static List<String> names() {
    return BlockMapProfile.ALL.stream().map(BlockMapProfile::name).toList();
  }
}
