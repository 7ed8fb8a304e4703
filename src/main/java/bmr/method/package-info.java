/** The non-linear merge methods and their registry. */
@NullMarked
package bmr.method;

import org.jspecify.annotations.NullMarked;
