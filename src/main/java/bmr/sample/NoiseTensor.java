package bmr.sample;

import bmr.model.Part;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.nio.ByteBuffer;

/**
 * A tensor of a synthetic model: a weighted sum of noise, around 1 for weights of norms, as wide as
 * networks are initialized elsewhere (one over the root of the inputs of a neuron).
 */
final class NoiseTensor implements SampleTensor {
  private final TensorInfo info;
  private final NoiseField field;
  private final long seed;
  private final float[] loads;
  private final float centre;
  private final boolean coarse;

  /**
   * @param key in the canonical spelling; the tensor's own may be another
   * @param loads how much of each direction
   */
  NoiseTensor(TensorInfo info, String key, NoiseField field, double[] loads) {
    SampleEncoding.check(info.dtype());
    this.info = info;
    this.field = field;
    this.seed = NoiseField.seed(key);
    boolean weight = key.endsWith("weight");
    boolean norm = weight && info.shape().rank() == 1;
    this.centre = norm ? 1 : 0;
    double width = norm ? 0.1 : weight ? width(info.shape()) : 0.02;
    this.loads = new float[loads.length];
    for (int i = 0; i < loads.length; i++) {
      this.loads[i] = (float) (width * loads[i]);
    }
    // one VAE is the same in files of every type, as people expect of a shared VAE
    this.coarse = Part.of(key) == Part.VAE;
  }

  private static double width(Shape shape) {
    return Math.sqrt((double) shape.dimension(0) / shape.elements());
  }

  @Override
  public TensorInfo info() {
    return info;
  }

  @Override
  public void put(long first, int count, ByteBuffer target, float[] scratch) {
    field.fill(scratch, count, seed, first / NoiseField.LENGTH, loads);
    if (centre != 0) {
      for (int i = 0; i < count; i++) {
        scratch[i] += centre;
      }
    }
    if (coarse) {
      SampleEncoding.coarsen(scratch, count);
    }
    SampleEncoding.put(scratch, count, info.dtype(), target);
  }
}
