/**
 * What a model is: architectures, blocks, block weights, presets, and what the rooms above know of
 * files and methods.
 */
@NullMarked
package bmr.model;

import org.jspecify.annotations.NullMarked;
