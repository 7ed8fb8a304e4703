/** What was written, as records; knows no file and no tensor. */
@NullMarked
package bmr.syntax.tree;

import org.jspecify.annotations.NullMarked;
