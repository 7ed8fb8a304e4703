/** Recipes for other tools, made from the meaning of a script and never from its files. */
@NullMarked
package bmr.interchange.export;

import org.jspecify.annotations.NullMarked;
