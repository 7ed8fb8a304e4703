/** Recipes as others publish them, to and from scripts. */
@NullMarked
package bmr.interchange;

import org.jspecify.annotations.NullMarked;
