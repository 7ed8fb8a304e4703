/** Texts and places in them: the only package that converts between offsets, lines and columns. */
@NullMarked
package bmr.source;

import org.jspecify.annotations.NullMarked;
