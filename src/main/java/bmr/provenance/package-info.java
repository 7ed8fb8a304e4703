/** What went into a file: building and reading a model's metadata. */
@NullMarked
package bmr.provenance;

import org.jspecify.annotations.NullMarked;
