package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.IN04;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SuperMerger's numbers for detail, contrast and colours, against its formulas written out. */
class AdjustTest {
  private static final String FIRST = "model.diffusion_model.input_blocks.0.0.";
  private static final String NORM = "model.diffusion_model.out.0.";
  private static final String LAST = "model.diffusion_model.out.2.";

  private static final double[][] SD1 = {{-1, 1 / 3.0, 2 / 3.0}, {1, 1, 0}, {0, -1, -1}, {1, 0, 1}};
  private static final double[][] SDXL = {{0, 0, 1}, {1, 0, 0}, {-1, -1, 0}, {-1, 1, 0}};

  @TempDir private Path folder;

  private static TinyModel with(TinyModel model) {
    for (String part : List.of(FIRST, NORM, LAST)) {
      model.with(part + "weight", DType.F32, Shape.of(2, 3), model.random(6));
      model.with(part + "bias", DType.F32, Shape.of(4), model.random(4));
    }
    return model;
  }

  private static void check(Merged merged, TinyModel a, double[] v, double[] shift) {
    merged.exactly(a, CLIP, IN04);
    merged.equal(FIRST + "weight", scaled(a.values(FIRST + "weight"), 1 - 0.01 * v[0]));
    merged.equal(FIRST + "bias", scaled(a.values(FIRST + "bias"), 1 + 0.02 * v[0]));
    merged.equal(NORM + "weight", scaled(a.values(NORM + "weight"), 1 - 0.01 * v[1]));
    merged.equal(NORM + "bias", scaled(a.values(NORM + "bias"), 1 + 0.02 * v[1]));
    merged.equal(LAST + "weight", scaled(a.values(LAST + "weight"), 1 - 0.01 * v[2]));
    double[] bias = a.values(LAST + "bias").clone();
    for (int i = 0; i < 4; i++) {
      bias[i] += shift[i];
    }
    merged.equal(LAST + "bias", bias);
  }

  private static double[] scaled(double[] values, double factor) {
    double[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] *= factor;
    }
    return result;
  }

  private static double[] eight(double[] v, double[][] colours) {
    double[] shift = {0.02 * v[3], 0, 0, 0};
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < 4; i++) {
        shift[channel + 1] += 0.02 * v[4 + i] * colours[i][channel];
      }
    }
    return shift;
  }

  @Test
  void eightNumbers() throws IOException {
    double[] v = {1, 2, -3, 0.5, 1.5, -2, 4, 0.25};
    TinyModel a = with(TinyModel.sd1("A")).write(folder);
    Merged merged =
        Merged.of(folder, "R = adjust(A, 1, 2, -3, 0.5, 1.5, -2, 4, 0.25)", "save R f64");
    check(merged, a, v, eight(v, SD1));
    TinyModel x = with(TinyModel.sdxl("X")).write(folder);
    Merged.of(folder, "R = adjust(X, (1, 2, -3, 0.5, 1.5, -2, 4, 0.25))", "save R f64")
        .equal(FIRST + "weight", scaled(x.values(FIRST + "weight"), 0.99))
        .equal(LAST + "bias", shifted(x.values(LAST + "bias"), eight(v, SDXL)));
  }

  private static double[] shifted(double[] values, double[] shift) {
    double[] result = values.clone();
    for (int i = 0; i < 4; i++) {
      result[i] += shift[i];
    }
    return result;
  }

  @Test
  void sevenNumbersShiftTheChannelsOneByOne() throws IOException {
    TinyModel a = with(TinyModel.sd1("A")).write(folder);
    check(
        Merged.of(folder, "R = adjust(A, 1, 1, 1, 2, -1, 0.5, 3)", "save R f64"),
        a,
        new double[] {1, 1, 1},
        new double[] {0.04, -0.02, 0.01, 0.06});
  }

  @Test
  void anAdjustedModelGoesOnBeingBlended() throws IOException {
    TinyModel a = with(TinyModel.sd1("A")).write(folder);
    TinyModel b = with(TinyModel.sd1("B")).write(folder);
    Merged merged =
        Merged.of(folder, "R = adjust(A, 1, 1, 1, 2, 0, 0, 0, 0) x 0.5 + B x 0.5", "save R f64");
    double[] weight = a.values(FIRST + "weight").clone();
    double[] bias = a.values(LAST + "bias").clone();
    for (int i = 0; i < weight.length; i++) {
      weight[i] = weight[i] * 0.99 * 0.5 + b.values(FIRST + "weight")[i] * 0.5;
    }
    for (int i = 0; i < 4; i++) {
      bias[i] = (bias[i] + (i == 0 ? 0.04 : 0)) * 0.5 + b.values(LAST + "bias")[i] * 0.5;
    }
    merged
        .blended(a, b, 0.5, CLIP, IN04)
        .equal(FIRST + "weight", weight)
        .equal(LAST + "bias", bias);
  }

  @Test
  void zerosChangeNothingAndSixAreTooFew() throws IOException {
    TinyModel a = with(TinyModel.sd1("A")).write(folder);
    Merged.of(folder, "R = adjust(A, 0, 0, 0, 0, 0, 0, 0, 0)", "save R f64")
        .exactly(a, FIRST + "weight", LAST + "bias", CLIP);
    assertTrue(Merged.codes(folder, "R = adjust(A, 1, 1, 1, 0, 0, 0)").contains("BMR0215"));
    assertTrue(Merged.codes(folder, "R = adjust(0.5, 1, 1, 1, 0, 0, 0, 0)").contains("BMR0114"));
  }
}
