/** One recipe together with its files: from text to plan. */
@NullMarked
package bmr.workspace;

import org.jspecify.annotations.NullMarked;
