/** Model files: headers, keys, ranges of bytes, atomic writing, the library of names. */
@NullMarked
package bmr.checkpoint;

import org.jspecify.annotations.NullMarked;
