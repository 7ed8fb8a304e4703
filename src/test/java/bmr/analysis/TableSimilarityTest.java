package bmr.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.engine.Limits;
import bmr.engine.MemoryCheckpoint;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.model.Architecture;
import bmr.model.BlockMap;
import bmr.tensor.DType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Measures of random recipes of close relatives, against plain loops over their values. */
class TableSimilarityTest {
  private static final long SEED = 5;
  private static final List<String> KEYS =
      List.of(RelatedModels.LARGE, RelatedModels.SMALL, RelatedModels.FIRST);

  private static FoldedModel model(String name, List<MemoryCheckpoint> sources, double... weights) {
    var terms = new ArrayList<LinearForm.Term>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        terms.add(new LinearForm.Term(new Operand.Source(i), BigDecimal.valueOf(weights[i])));
      }
    }
    var formula = new TensorFormula.Blend(new LinearForm(terms));
    List<FoldedTensor> tensors =
        KEYS.stream()
            .map(key ->
                new FoldedTensor(
                    key,
                    Objects.requireNonNull(sources.getFirst().tensors().get(key)).shape(),
                    DType.F16,
                    BlockMap.standard().place(Architecture.SD1, key),
                    0,
                    formula))
            .toList();
    List<String> names = sources.stream().map(MemoryCheckpoint::name).toList();
    return new FoldedModel(name, Architecture.SD1, names, 0, tensors, List.of());
  }

  private static double[] values(List<MemoryCheckpoint> sources, String key, double[] weights) {
    double[] sum = new double[sources.getFirst().values(key).length];
    for (int i = 0; i < weights.length; i++) {
      double[] own = sources.get(i).values(key);
      for (int e = 0; e < sum.length; e++) {
        sum[e] += weights[i] * own[e];
      }
    }
    return sum;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = a.clone();
    for (int i = 0; i < a.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  private static double inner(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double cosine(double[] a, double[] b) {
    return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b));
  }

  private static double[] centred(double[] a) {
    double mean = java.util.Arrays.stream(a).sum() / a.length;
    return java.util.Arrays.stream(a).map(x -> x - mean).toArray();
  }

  private static TableSimilarity similarity(
      boolean table, List<FoldedModel> models, List<MemoryCheckpoint> sources) {
    var files = List.<Checkpoint>copyOf(sources);
    var limits = new Limits(2, Limits.DEFAULT_MEMORY);
    return table
        ? Tables.similarity(
            models, files, TableCache.none(), limits, Progress.NONE, Progress.NONE, () -> false)
        : Tables.streaming(files, limits, Progress.NONE, () -> false);
  }

  @Test
  void agreesWithDirectEvaluation() {
    var random = new Random(SEED);
    for (double change : new double[] {0.3, 0.03, 1e-3}) {
      List<MemoryCheckpoint> sources = RelatedModels.of(4, change, SEED);
      double[] base = {1, 0, 0, 0};
      double u = random.nextInt(-100, 200) / 100.0;
      double v = random.nextInt(1, 100) / 100.0;
      double[] left = {-u, u, 1, 0};
      double[] right = {0, 1 - v, 0, v};
      FoldedModel x = model("x", sources, left);
      FoldedModel y = model("y", sources, right);
      FoldedModel b = model("b", sources, base);
      for (boolean table : new boolean[] {true, false}) {
        ModelComparison comparison =
            similarity(table, List.of(x, y, b), sources).compare(x, y, Optional.of(b));
        assertEquals(table ? 0 : 3, comparison.streamed());
        assertEquals(0, comparison.onlyInModel());
        for (ModelComparison.Compared tensor : comparison.tensors()) {
          double[] xs = values(sources, tensor.key(), left);
          double[] ys = values(sources, tensor.key(), right);
          double[] bs = values(sources, tensor.key(), base);
          String at = "seed " + SEED + ", change " + change + ", " + tensor.key() + " " + table;
          Figures figures = tensor.figures();
          double distance = Math.sqrt(inner(minus(xs, ys), minus(xs, ys)));
          near(cosine(xs, ys), figures, Measure.COSINE, at);
          near(distance / Math.sqrt(inner(ys, ys)), figures, Measure.DISTANCE, at);
          double[] xb = minus(xs, bs);
          double[] yb = minus(ys, bs);
          near(cosine(xb, yb), figures, Measure.RELATIVE_COSINE, at);
          near(distance / Math.sqrt(inner(yb, yb)), figures, Measure.RELATIVE_DISTANCE, at);
          near(Math.sqrt(inner(xs, xs) / inner(ys, ys)), figures, Measure.NORM_RATIO, at);
          if (table) {
            near(cosine(centred(xs), centred(ys)), figures, Measure.CENTRED_COSINE, at);
          }
        }
      }
    }
  }

  private static void near(double expected, Figures figures, Measure measure, String message) {
    double value = figures.value(measure);
    assertEquals(expected, value, 1e-9 * Math.max(1, Math.abs(expected)), measure + ", " + message);
  }

  @Test
  void blocksAreFlattened() {
    List<MemoryCheckpoint> sources = RelatedModels.of(3, 0.1, SEED);
    FoldedModel x = model("x", sources, 0, 1, 0);
    FoldedModel y = model("y", sources, 0, 0, 1);
    ModelComparison comparison =
        similarity(true, List.of(x, y), sources).compare(x, y, Optional.empty());
    assertEquals(2, comparison.blocks().size());
    double left = 0;
    double cross = 0;
    double right = 0;
    double least = 1;
    for (String key : KEYS) {
      double[] xs = sources.get(1).values(key);
      double[] ys = sources.get(2).values(key);
      left += inner(xs, xs);
      cross += inner(xs, ys);
      right += inner(ys, ys);
      least = Math.min(least, cosine(xs, ys));
    }
    Figures total = comparison.total();
    assertEquals(cross / Math.sqrt(left * right), total.value(Measure.COSINE), 1e-12);
    assertEquals(least, total.value(Measure.LEAST_COSINE), 1e-12);
    assertTrue(total.value(Measure.MEAN_COSINE) >= least);
    assertTrue(Double.isNaN(total.value(Measure.RELATIVE_COSINE)));
  }

  @Test
  void equalModelsAreExactlyAlike() {
    List<MemoryCheckpoint> sources = RelatedModels.of(2, 0.1, SEED);
    FoldedModel x = model("x", sources, 0.3, 0.7);
    ModelComparison comparison =
        similarity(true, List.of(x), sources).compare(x, x, Optional.empty());
    assertEquals(1, comparison.total().value(Measure.COSINE));
    assertEquals(0, comparison.total().value(Measure.DISTANCE));
  }
}
