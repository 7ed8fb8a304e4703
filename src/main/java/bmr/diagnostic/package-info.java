/** Problems that a person can cause, as typed values, and the one renderer for them. */
@NullMarked
package bmr.diagnostic;

import org.jspecify.annotations.NullMarked;
