/** The commands and their exit codes, nothing else. */
@NullMarked
package bmr.cli;

import org.jspecify.annotations.NullMarked;
