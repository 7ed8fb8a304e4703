/** Arithmetic on blocks of values: arrays in, arrays out. */
@NullMarked
package bmr.kernel;

import org.jspecify.annotations.NullMarked;
