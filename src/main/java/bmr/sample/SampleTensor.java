package bmr.sample;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.nio.ByteBuffer;

/** A tensor whose values can be made piece by piece. */
public interface SampleTensor {
  TensorInfo info();

  /**
   * Appends elements, encoded in the tensor's type.
   *
   * @param first index of the first element, a multiple of {@link NoiseField#LENGTH}
   * @param count at most {@link NoiseField#LENGTH}
   * @param target little-endian, with room for them
   * @param scratch room for {@link NoiseField#LENGTH} values
   */
  void put(long first, int count, ByteBuffer target, float[] scratch);

  /**
   * A small tensor with given values, rounded to nearest, ties to even.
   *
   * @throws IllegalArgumentException if their number does not fit the shape, or for a type that
   *     samples do not use (F16, BF16, F32, F64, I32, I64 are)
   */
  static SampleTensor of(String key, DType dtype, Shape shape, double... values) {
    return new GivenTensor(new TensorInfo(key, dtype, shape), values);
  }
}
