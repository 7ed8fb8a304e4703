/** Element types and shapes of tensors; no arithmetic. */
@NullMarked
package bmr.tensor;

import org.jspecify.annotations.NullMarked;
