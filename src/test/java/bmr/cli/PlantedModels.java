package bmr.cli;

import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Relatives on disk, one tensor in each block, and a recipe of the Blessing Mix kind with 13
 * weights: lines that add differences, weight sums, lists for some blocks, inputs beside outputs.
 */
final class PlantedModels {
  static final String BASE = "v15";
  static final List<String> RELATIVES =
      List.of("open", "open11", "evt", "diamond", "age", "era", "sxd", "dream");

  /** The weights of the post, as far as they stand alone or in the lists of one line. */
  static final List<String> HIDDEN =
      List.of(
          "0.08", "0.1", "0.05", "0.1", "0.18", "0.06", "0.15", "0.08", "0.5", "0.55", "0.09",
          "0.05", "0.26");

  private static final int SIDE = 200;

  private static final String FORM =
      """
      TEMP1 = open + (evt - v15) x %1$s
      TEMP2 = TEMP1 + (diamond - v15) x %2$s
      TEMP3 = TEMP2 x (1 - a) + diamond x a
          a = %3$s
      TEMP4 = TEMP3 x (1 - a) + age x a
          a = %4$s
      TEMP5 = TEMP4 + (sxd - v15) x %5$s
      TEMP6 = TEMP5 + (open11 - v15) x %6$s
      TEMP7 = TEMP6 x (1 - alpha) + dream x alpha
          alpha = (0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,%7$s,%7$s,%7$s,%7$s,%7$s,%7$s)
      OUTPUTS = TEMP7 + (open11 - v15) x alpha
          alpha = (0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,%8$s,%8$s,0,0,0,0,0,0,0)
      HALF = open x (1 - h) + v15 x h
          h = %9$s
      SAVE1 = HALF + (dream - v15) x alpha
          alpha = (0,1,1,%10$s,%10$s,%10$s,%10$s,%10$s,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0)
      SAVE2 = SAVE1 + (era - v15) x alpha
          alpha = (0,0,0,0,0,0,%11$s,%11$s,%11$s,%11$s,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0)
      SAVE3 = SAVE2 x (1 - alpha) + era x alpha
          alpha = (0,0,0,0,0,0,%12$s,%12$s,%12$s,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0)
      INPUTS = SAVE3 x (1 - alpha) + evt x alpha
          alpha = (0,0,0,0,0,0,%13$s,%13$s,%13$s,%13$s,0,0,0,%13$s,0,0,0,0,0,0,0,0,0,0,0,0)
      FINAL = OUTPUTS x (1 - alpha) + INPUTS x alpha
          alpha = (1,1,1,1,1,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0)
      """;

  private PlantedModels() {}

  /** The recipe with these weights, numbers or {@code ?}. */
  static String recipe(List<String> weights) {
    return FORM.formatted(weights.toArray());
  }

  /** The recipe with unknowns {@code ?w1} to {@code ?w13}. */
  static String form(boolean startAtTruth) {
    var weights = new ArrayList<String>();
    for (int i = 0; i < HIDDEN.size(); i++) {
      weights.add("?w" + (i + 1) + (startAtTruth ? "~" + HIDDEN.get(i) : ""));
    }
    return recipe(weights);
  }

  /**
   * Writes the models as F16.
   *
   * @param far size of the differences from the base in proportion to it; the plain cosine of two
   *     relatives is about 1 − far²
   */
  static void write(Path folder, double far, long seed) {
    var tensors = new ArrayList<List<SampleTensor>>();
    for (int m = 0; m <= RELATIVES.size(); m++) {
      tensors.add(new ArrayList<>());
    }
    var random = new Random(seed);
    for (String key : keys()) {
      var base = new double[SIDE * SIDE];
      var common = new double[SIDE * SIDE];
      for (int e = 0; e < base.length; e++) {
        base[e] = random.nextGaussian();
        common[e] = 0.3 * random.nextGaussian();
      }
      for (int m = 0; m <= RELATIVES.size(); m++) {
        double[] own = base.clone();
        for (int e = 0; e < own.length && m > 0; e++) {
          own[e] += far * (random.nextGaussian() + common[e]);
        }
        tensors.get(m).add(SampleTensor.of(key, DType.F16, Shape.of(SIDE, SIDE), own));
      }
    }
    for (int m = 0; m <= RELATIVES.size(); m++) {
      String name = m == 0 ? BASE : RELATIVES.get(m - 1);
      SampleFile.write(folder.resolve(name + ".safetensors"), tensors.get(m), Map.of());
    }
  }

  private static List<String> keys() {
    var keys = new ArrayList<String>();
    keys.add("cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight");
    keys.add("model.diffusion_model.input_blocks.0.0.weight");
    for (int block = 1; block < 12; block++) {
      keys.add("model.diffusion_model.input_blocks." + block + ".0.in_layers.2.weight");
    }
    keys.add("model.diffusion_model.middle_block.0.in_layers.2.weight");
    for (int block = 0; block < 12; block++) {
      keys.add("model.diffusion_model.output_blocks." + block + ".0.in_layers.2.weight");
    }
    return keys;
  }
}
