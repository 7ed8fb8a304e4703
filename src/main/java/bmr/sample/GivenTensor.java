package bmr.sample;

import bmr.tensor.TensorInfo;
import java.nio.ByteBuffer;

/** A small tensor with its values in memory. */
final class GivenTensor implements SampleTensor {
  private final TensorInfo info;
  private final double[] values;

  GivenTensor(TensorInfo info, double[] values) {
    if (info.elements() != values.length) {
      throw new IllegalArgumentException(values.length + " values for " + info);
    }
    SampleEncoding.check(info.dtype());
    this.info = info;
    this.values = values.clone();
  }

  @Override
  public TensorInfo info() {
    return info;
  }

  @Override
  public void put(long first, int count, ByteBuffer target, float[] scratch) {
    for (int i = 0; i < count; i++) {
      SampleEncoding.put(values[Math.toIntExact(first) + i], info.dtype(), target);
    }
  }
}
