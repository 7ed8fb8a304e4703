/** Similarity of models from streamed reductions. */
@NullMarked
package bmr.analysis;

import org.jspecify.annotations.NullMarked;
