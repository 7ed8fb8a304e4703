/** PyTorch files, read without running anything: archives, pickles as inert values, storages. */
@NullMarked
package bmr.checkpoint.pickle;

import org.jspecify.annotations.NullMarked;
