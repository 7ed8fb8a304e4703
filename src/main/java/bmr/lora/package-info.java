/** LoRA files as differences of a model's tensors. */
@NullMarked
package bmr.lora;

import org.jspecify.annotations.NullMarked;
