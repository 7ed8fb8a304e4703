/** Which models went into another one, from inner products alone. */
@NullMarked
package bmr.analysis.ancestry;

import org.jspecify.annotations.NullMarked;
