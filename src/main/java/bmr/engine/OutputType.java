package bmr.engine;

import bmr.tensor.DType;

/** Which type tensors are written in. Tensors that are never blended keep theirs. */
public sealed interface OutputType {
  /** One type for all (F16, BF16, F32 or F64); the VAE may have its own. */
  record Uniform(DType dtype, DType vae) implements OutputType {}

  /** Each tensor in the type of the first operand that holds it. */
  record AsSource() implements OutputType {}

  static OutputType of(DType dtype) {
    return new Uniform(dtype, dtype);
  }
}
