/** The meaning of a script: names bound, kinds checked, weights as written. */
@NullMarked
package bmr.recipe;

import org.jspecify.annotations.NullMarked;
