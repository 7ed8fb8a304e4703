/** From text to syntax tree: the facade of the parser. */
@NullMarked
package bmr.syntax;

import org.jspecify.annotations.NullMarked;
