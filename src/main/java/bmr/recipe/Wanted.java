package bmr.recipe;

import java.util.Optional;

/**
 * Which models the caller is after.
 *
 * @param only the name of one definition
 * @param all every definition
 */
public record Wanted(Optional<String> only, boolean all) {
  /** What the script itself says: its {@code save} lines, or the one thing that nothing uses. */
  public static final Wanted AS_WRITTEN = new Wanted(Optional.empty(), false);

  /** One definition. */
  public static Wanted only(String name) {
    return new Wanted(Optional.of(name), false);
  }
}
