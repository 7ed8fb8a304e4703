/** The lazy graph of named models, presence, and folding to one coefficient per source. */
@NullMarked
package bmr.graph;

import org.jspecify.annotations.NullMarked;
