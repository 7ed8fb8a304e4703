/** Synthetic checkpoints with real key names. */
@NullMarked
package bmr.sample;

import org.jspecify.annotations.NullMarked;
