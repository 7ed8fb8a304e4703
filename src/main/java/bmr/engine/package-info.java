/** Plans as values, and the machine that carries them out. */
@NullMarked
package bmr.engine;

import org.jspecify.annotations.NullMarked;
