package bmr.provenance;

/** How much an output's metadata says. */
public enum MetadataLevel {
  /** The format alone. */
  NONE,
  /** Format, version and title. */
  MINIMAL,
  /** All of it: the recipe, its sources, ModelSpec's required fields. */
  FULL
}
