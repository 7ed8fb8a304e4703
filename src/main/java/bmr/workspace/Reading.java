package bmr.workspace;

import bmr.model.Architecture;
import java.util.Optional;

/**
 * What opening a recipe may do without.
 *
 * @param files which files are looked for
 * @param assumeModels whether a name that nothing has stands for a model whose file is not there
 * @param architecture what blocks the models have, whatever headers and lists say
 */
public record Reading(Files files, boolean assumeModels, Optional<Architecture> architecture) {
  /** Which files are looked for. */
  public enum Files {
    /** All that something wanted needs; a missing one is an error. */
    NEEDED,
    /** Those that are there; missing ones are listed, and nothing can be made of them. */
    WHERE_KNOWN,
    /** None: only the text of the recipe counts. */
    NONE
  }

  /** To make or check models. */
  public static final Reading EVERYTHING = new Reading(Files.NEEDED, false, Optional.empty());

  /** To tell the meaning of a recipe from its text alone. */
  public static Reading textOnly(Optional<Architecture> architecture) {
    return new Reading(Files.NONE, true, architecture);
  }
}
