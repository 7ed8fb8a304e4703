package bmr.tensor;

/**
 * What a header says of a tensor.
 *
 * @param key its name
 */
public record TensorInfo(String key, DType dtype, Shape shape) {
  public long elements() {
    return shape.elements();
  }

  public long bytes() {
    return dtype.bytes(shape.elements());
  }
}
