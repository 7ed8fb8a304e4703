package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.engine.Limits;
import bmr.engine.Materializer;
import bmr.engine.OutputType;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.model.Architecture;
import bmr.recipe.Wanted;
import bmr.sample.SampleModels;
import bmr.tensor.DType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every tensor of every named model of the Blessing Mix against the merges done one by one. */
class BlessingMixTest {
  private static final Path RECIPE = Path.of("examples/blessing-mix.bmr");

  /**
   * What additions of values up to 2 in double precision leave in another order: where terms
   * cancel, the merges done by hand are no nearer to the truth than this.
   */
  private static final double ORACLE_ERROR = 4e-15;

  @TempDir private static Path folder;
  private static BlessingMixByHand byHand;

  @BeforeAll
  static void samples() throws IOException {
    SampleModels.write(folder, SampleModels.Scale.TINY, Architecture.SD1);
    byHand = new BlessingMixByHand(folder);
  }

  @Test
  void halfPrecision() throws IOException {
    compareAll(DType.F16);
  }

  @Test
  void brainFloat() throws IOException {
    compareAll(DType.BF16);
  }

  @Test
  void singlePrecision() throws IOException {
    compareAll(DType.F32);
  }

  @Test
  void doublePrecision() throws IOException {
    compareAll(DType.F64);
  }

  private void compareAll(DType dtype) throws IOException {
    try (Workspace workspace =
        Workspace.open(
            new Workspace.Request(
                Optional.of(RECIPE),
                Optional.empty(),
                List.of(folder),
                new LinkedHashMap<>(),
                new Wanted(Optional.empty(), true)))) {
      assertTrue(!workspace.failed(), () -> workspace.diagnostics().toString());
      assertEquals(
          byHand.models().keySet(),
          workspace.recipe().models().stream()
              .map(model -> model.name())
              .collect(java.util.stream.Collectors.toSet()));
      Tally tally = new Tally();
      for (String name : byHand.models().keySet()) {
        Path target = folder.resolve("out-" + dtype + ".safetensors");
        Workspace.Output output =
            new Workspace.Output(name, target, Optional.of(OutputType.of(dtype)), Optional.empty());
        Plan plan = workspace.plan(output, new Limits(2, 64L << 20));
        Materializer.write(
            plan, workspace.sources(), target, Map.of(), false, Progress.NONE, () -> false);
        compare(name, target, dtype, tally);
      }
      assertTrue(tally.elements > 1_000_000, "compared " + tally.elements);
      double share = (double) tally.exact / tally.elements;
      System.out.printf(
          "%s: %.4f %% of %d elements correctly rounded%n", dtype, 100 * share, tally.elements);
      double least = dtype == DType.F64 || dtype == DType.F32 ? 0.99999 : 0.99;
      assertTrue(share >= least, dtype + ": " + share + " correctly rounded");
    }
  }

  private static final class Tally {
    private long elements;
    private long exact;
  }

  private void compare(String name, Path target, DType dtype, Tally tally) throws IOException {
    Map<String, double[]> expected = byHand.models().get(name);
    try (Checkpoint file = Checkpoint.open(target)) {
      int blended = 0;
      for (Map.Entry<String, StoredTensor> entry : file.stored().entrySet()) {
        double[] values = expected.get(entry.getKey());
        if (values == null) {
          boolean other =
              entry.getKey().endsWith("position_ids")
                  || !entry.getKey().startsWith("model.")
                      && !entry.getKey().contains("stage_model");
          assertTrue(other, name + " has " + entry.getKey());
          continue;
        }
        blended++;
        assertEquals(dtype, entry.getValue().info().dtype());
        double[] actual = BlessingMixByHand.values(file, entry.getValue());
        assertEquals(values.length, actual.length, entry.getKey());
        for (int i = 0; i < values.length; i++) {
          double right = rounded(values[i], dtype);
          tally.elements++;
          boolean exact =
              Math.abs(actual[i] - values[i]) <= Math.abs(right - values[i]) + ORACLE_ERROR;
          tally.exact += exact ? 1 : 0;
          String where = name + " " + entry.getKey() + "[" + i + "]";
          assertTrue(
              Math.abs(actual[i] - right) <= Math.max(unit(right, dtype), ORACLE_ERROR),
              () -> where + " is far from " + right);
        }
      }
      assertEquals(expected.size(), blended, name);
    }
  }

  /** The nearest value of a type, by exact decimals. */
  private static double rounded(double value, DType dtype) {
    return switch (dtype) {
      case F64 -> value;
      case F32 -> (float) value;
      case F16 -> nearest(value, Float.float16ToFloat(Float.floatToFloat16((float) value)), dtype);
      default ->
          nearest(
              value,
              Float.intBitsToFloat(Float.floatToRawIntBits((float) value) & 0xffff0000),
              dtype);
    };
  }

  /** The best of a candidate and its neighbours; ties go to the even one. */
  private static double nearest(double value, double candidate, DType dtype) {
    double unit = unit(candidate, dtype);
    double best = candidate;
    for (double other : new double[] {candidate - unit, candidate + unit}) {
      BigDecimal there = new BigDecimal(value).subtract(new BigDecimal(other)).abs();
      BigDecimal here = new BigDecimal(value).subtract(new BigDecimal(best)).abs();
      int closer = there.compareTo(here);
      boolean even = Math.rint(other / unit / 2) == other / unit / 2;
      if (closer < 0 || closer == 0 && even) {
        best = other;
      }
    }
    return best;
  }

  /** One unit in the last place at a value. */
  private static double unit(double value, DType dtype) {
    int bits = dtype == DType.F16 ? 10 : dtype == DType.BF16 ? 7 : 23;
    int least = dtype == DType.F16 ? -14 : -126;
    if (dtype == DType.F64) {
      return 0;
    }
    int exponent = value == 0 ? least : Math.max(least, Math.getExponent(value));
    return Math.scalb(1.0, exponent - bits);
  }
}
