/** Tables, bars and progress for terminals. */
@NullMarked
package bmr.report;

import org.jspecify.annotations.NullMarked;
