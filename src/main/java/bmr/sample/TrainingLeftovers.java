package bmr.sample;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * The noise schedule that Stable Diffusion's training code stores beside its networks: 1000 steps,
 * betas whose roots rise evenly from the root of 0.00085 to that of 0.012.
 */
final class TrainingLeftovers {
  private static final int STEPS = 1000;

  private TrainingLeftovers() {}

  static List<SampleTensor> schedules() {
    double[] betas = new double[STEPS];
    double[] products = new double[STEPS];
    double[] previous = new double[STEPS];
    double first = Math.sqrt(0.00085);
    double last = Math.sqrt(0.012);
    double product = 1;
    for (int step = 0; step < STEPS; step++) {
      double root = first + (last - first) * step / (STEPS - 1);
      betas[step] = root * root;
      previous[step] = product;
      product *= 1 - betas[step];
      products[step] = product;
    }
    return List.of(
        schedule("betas", betas, beta -> beta),
        schedule("alphas_cumprod", products, alpha -> alpha),
        schedule("alphas_cumprod_prev", previous, alpha -> alpha),
        schedule("sqrt_alphas_cumprod", products, Math::sqrt),
        schedule("sqrt_one_minus_alphas_cumprod", products, alpha -> Math.sqrt(1 - alpha)),
        schedule("sqrt_recip_alphas_cumprod", products, alpha -> Math.sqrt(1 / alpha)),
        schedule("sqrt_recipm1_alphas_cumprod", products, alpha -> Math.sqrt(1 / alpha - 1)));
  }

  private static SampleTensor schedule(String key, double[] values, DoubleUnaryOperator function) {
    double[] mapped = DoubleStream.of(values).map(function).toArray();
    return SampleTensor.of(key, DType.F32, Shape.of(STEPS), mapped);
  }
}
