package bmr.analysis;

import bmr.analysis.InnerProductTable.Source;
import bmr.engine.MemoryCheckpoint;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small models that are close relatives: one base and small changes of it, rounded to F16. */
final class RelatedModels {
  static final String LARGE = "model.diffusion_model.output_blocks.3.0.in_layers.2.weight";
  static final String SMALL = "model.diffusion_model.output_blocks.3.0.in_layers.2.bias";
  static final String FIRST = "model.diffusion_model.input_blocks.0.0.weight";
  static final String VAE = "first_stage_model.encoder.conv_in.bias";

  private RelatedModels() {}

  /**
   * @param change size of the changes in proportion to the base
   */
  static List<MemoryCheckpoint> of(int count, double change, long seed) {
    var base = new Random(seed);
    double[][] values = {
      base.doubles(300 * 301).map(x -> x - 0.5).toArray(),
      base.doubles(300).map(x -> x * 2 - 0.7).toArray(),
      base.doubles(8 * 4 * 9).map(x -> x - 0.5).toArray(),
      base.doubles(64).map(x -> x - 0.5).toArray()
    };
    String[] keys = {LARGE, SMALL, FIRST, VAE};
    Shape[] shapes = {Shape.of(300, 301), Shape.of(300), Shape.of(8, 4, 3, 3), Shape.of(64)};
    var models = new ArrayList<MemoryCheckpoint>();
    for (int i = 0; i < count; i++) {
      var random = new Random(seed + 1 + i);
      var model = new MemoryCheckpoint("model" + i);
      for (int t : new int[] {1, 2, 3, 0}) {
        double[] own = values[t].clone();
        for (int e = 0; e < own.length; e++) {
          own[e] += change * random.nextGaussian();
        }
        if (t == 3 && i == 0) {
          continue;
        }
        DType dtype = i == 2 ? DType.F32 : DType.F16;
        Shape shape = t == 0 && i == 3 ? Shape.of(300, 301, 1, 1) : shapes[t];
        model.with(keys[t], dtype, shape, own);
      }
      models.add(model);
    }
    return models;
  }

  static List<Source> sources(List<MemoryCheckpoint> models) {
    return models.stream()
        .map(model -> new Source(model.name(), "key of " + model.name()))
        .toList();
  }
}
