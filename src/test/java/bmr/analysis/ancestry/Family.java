package bmr.analysis.ancestry;

import bmr.model.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Related models of moderate size, as vectors, and targets made of them. */
final class Family {
  static final List<Block> BLOCKS =
      Stream.of(
              "BASE", "IN00", "IN01", "IN02", "IN04", "IN05", "IN07", "IN08", "IN11", "M00",
              "OUT00", "OUT02", "OUT03", "OUT04", "OUT05", "OUT06", "OUT07", "OUT08", "OUT09",
              "OUT11")
          .map(label -> Block.parse(label).orElseThrow())
          .toList();

  final Random random;
  final List<Block> blockOf = new ArrayList<>();
  final List<int[]> shapes = new ArrayList<>();
  final List<float[][]> models = new ArrayList<>();

  /**
   * @param models of which the first is the base
   * @param far size of the differences from the base, whose elements have the size 1
   * @param alike size of what all differences have in common, beside their own size of 1
   */
  Family(long seed, int models, double far, double alike) {
    this.random = new Random(seed);
    for (Block block : BLOCKS) {
      int tensors = 3 + random.nextInt(3);
      for (int t = 0; t < tensors; t++) {
        blockOf.add(block);
        int rows = 16 + 16 * random.nextInt(4);
        shapes.add(new int[] {rows, 64});
      }
    }
    for (int m = 0; m < models; m++) {
      this.models.add(new float[blockOf.size()][]);
    }
    for (int t = 0; t < blockOf.size(); t++) {
      int size = shapes.get(t)[0] * shapes.get(t)[1];
      double[] common = noise(size, alike);
      double[] base = noise(size, 1);
      double strength = 0.5 + random.nextDouble();
      for (int m = 0; m < models; m++) {
        double[] own = noise(size, 1);
        var values = new float[size];
        for (int e = 0; e < size; e++) {
          double difference = m == 0 ? 0 : far * strength * (own[e] + common[e]);
          values[e] = half(base[e] + difference);
        }
        this.models.get(m)[t] = values;
      }
    }
  }

  double[] noise(int size, double scale) {
    var values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = scale * random.nextGaussian();
    }
    return values;
  }

  static float half(double value) {
    return Float.float16ToFloat(Float.floatToFloat16((float) value));
  }

  /** What a mix is: weights by tensor. */
  interface Weights {
    double of(int model, Block block);
  }

  /** A mix of the models, in double precision. */
  double[][] mix(Weights weights) {
    var mix = new double[blockOf.size()][];
    for (int t = 0; t < mix.length; t++) {
      mix[t] = new double[models.getFirst()[t].length];
      for (int m = 0; m < models.size(); m++) {
        double weight = weights.of(m, blockOf.get(t));
        for (int e = 0; e < mix[t].length && weight != 0; e++) {
          mix[t][e] += weight * models.get(m)[t][e];
        }
      }
    }
    return mix;
  }

  /** Adds a change of low rank to most tensors, of a size relative to {@code scale}. */
  void trainLowRank(double[][] target, double scale, int rank) {
    for (int t = 0; t < target.length; t++) {
      if (random.nextInt(5) == 0) {
        continue;
      }
      int rows = shapes.get(t)[0];
      int columns = shapes.get(t)[1];
      double strength = scale * (0.3 + 1.4 * random.nextDouble()) / Math.sqrt(rank);
      for (int r = 0; r < rank; r++) {
        double[] left = noise(rows, 1);
        double[] right = noise(columns, strength);
        for (int e = 0; e < target[t].length; e++) {
          target[t][e] += left[e / columns] * right[e % columns];
        }
      }
    }
  }

  /** Adds a change to one element in a hundred. */
  void trainSparse(double[][] target, double scale) {
    for (double[] tensor : target) {
      for (int e = 0; e < tensor.length; e++) {
        if (random.nextInt(100) == 0) {
          tensor[e] += 10 * scale * random.nextGaussian();
        }
      }
    }
  }

  /** The search's view: candidates by index, and the target rounded to half precision. */
  List<Unit> units(List<Integer> candidates, double[][] target) {
    var units = new ArrayList<Unit>();
    int n = candidates.size() + 1;
    for (int t = 0; t < target.length; t++) {
      var differences = new double[n][target[t].length];
      double square = 0;
      for (int e = 0; e < target[t].length; e++) {
        double origin = models.get(candidates.getFirst())[t][e];
        for (int i = 0; i < n - 1; i++) {
          differences[i][e] = models.get(candidates.get(i))[t][e] - origin;
        }
        double value = half(target[t][e]);
        differences[n - 1][e] = value - origin;
        square += value * value;
      }
      var products = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = 0;
          for (int e = 0; e < target[t].length; e++) {
            sum += differences[i][e] * differences[j][e];
          }
          products[i][j] = sum;
          products[j][i] = sum;
        }
      }
      units.add(new Unit(blockOf.get(t), target[t].length, square, products));
    }
    return units;
  }
}
