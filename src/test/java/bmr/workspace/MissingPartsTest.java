package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.FIRST;
import static bmr.workspace.TinyModel.HEAD;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.IN11;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.OUT03;
import static bmr.workspace.TinyModel.TIME;
import static bmr.workspace.TinyModel.VAE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.model.Part;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that lack tensors, or hold more channels than others. */
class MissingPartsTest {
  private static final String SUM = "R = A x 0.75 + B x 0.25";
  private static final String ADD = "R = A + (B - C) x 0.5";

  @TempDir private Path folder;

  private Merged merge(String formula) throws IOException {
    return Merged.of(folder, formula, "save R f64");
  }

  private static Optional<SpecialCase> one(Kind kind, Part part, int count, String... names) {
    return Optional.of(new SpecialCase(kind, part, count, List.of(names)));
  }

  @Test
  void theFirstLacksItsVae() throws IOException {
    TinyModel a = TinyModel.sd1("A").without(VAE).write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    Merged merged = merge(SUM).exactly(b, VAE).blended(a, b, 0.25, CLIP, IN04, HEAD);
    assertEquals(
        one(Kind.CARRIER_MISSING, Part.VAE, 1, "A"),
        merged.special(Kind.CARRIER_MISSING, Part.VAE));
    assertEquals(Optional.empty(), merged.special(Kind.CARRIER_MISSING, Part.UNET));
    // a weight of 0 does not matter where no other model holds the tensor
    merge("R = A x (1-alpha) + B x alpha\n  alpha = {VAE: 0, IN: 0.5}").exactly(b, VAE);
  }

  @Test
  void theSecondLacksTensors() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").without(VAE, IN04, IN11).write(folder);
    Merged merged = merge(SUM).exactly(a, VAE, IN04, IN11).blended(a, b, 0.25, CLIP, MID);
    assertEquals(
        one(Kind.CARRIER_MISSING, Part.UNET, 2, "B"),
        merged.special(Kind.CARRIER_MISSING, Part.UNET));
  }

  @Test
  void presenceComesBeforeFolding() throws IOException {
    TinyModel.sd1("A").without(VAE).write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    TinyModel c = TinyModel.sd1("C").write(folder);
    merge("R = (A x 0.5 + B x 0.5) x 0.5 + C x 0.5").blended(b, c, 0.5, VAE);
  }

  @Test
  void aDifferenceThatLacksASideIsZero() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").without(MID).write(folder);
    TinyModel c = TinyModel.sd1("C").without(VAE, OUT03).write(folder);
    Merged merged = merge(ADD).exactly(a, VAE, OUT03, MID);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = a.values(CLIP)[i] + (b.values(CLIP)[i] - c.values(CLIP)[i]) * 0.5;
    }
    merged.equal(CLIP, expected);
    assertEquals(
        one(Kind.CHANGE_SKIPPED, Part.VAE, 1, "C"), merged.special(Kind.CHANGE_SKIPPED, Part.VAE));
    SpecialCase unet = merged.special(Kind.CHANGE_SKIPPED, Part.UNET).orElseThrow();
    assertEquals(2, unet.tensors());
    assertEquals(List.of("B", "C"), unet.sources().stream().sorted().toList());
  }

  @Test
  void aDifferenceIsNeverWrittenAsAModel() throws IOException {
    TinyModel.sd1("A").without(VAE).write(folder);
    TinyModel.sd1("B").write(folder);
    TinyModel.sd1("C").write(folder);
    Merged merged = merge(ADD);
    assertFalse(merged.has(VAE));
    assertTrue(merged.codes().contains("BMR0505"));
    assertFalse(Merged.codes(folder, "R = B - C").isEmpty(), "a difference, and nobody said so");
    assertTrue(Merged.open(folder, "R = B - C").failed());
  }

  @Test
  void nobodyHasAVaeOrATextEncoder() throws IOException {
    TinyModel.sd1("A").without(VAE).write(folder);
    TinyModel.sd1("B").without(VAE).write(folder);
    assertTrue(merge(SUM).codes().contains("BMR0505"));
    TinyModel a = TinyModel.sd1("A").without(CLIP).write(folder);
    TinyModel b = TinyModel.sd1("B").without(CLIP).write(folder);
    assertTrue(Merged.codes(folder, SUM).contains("BMR0504"));
    assertTrue(Merged.open(folder, SUM).failed());
    Merged unet = Merged.of(folder, SUM, "save R f64 unet");
    unet.blended(a, b, 0.25, TIME, IN04, IN11, MID, OUT03, HEAD);
    assertFalse(unet.has(VAE));
    assertEquals(List.of(), unet.codes().stream().filter(code -> code.equals("BMR0505")).toList());
  }

  /** Values of a convolution of two output and some input channels. */
  private static TinyModel model(String name, int channels) {
    TinyModel model = TinyModel.sd1(name);
    return model.with(FIRST, DType.F32, Shape.of(2, channels, 1, 1), model.random(2 * channels));
  }

  private static double at(TinyModel model, int channels, int out, int in) {
    return model.values(FIRST)[out * channels + in];
  }

  @Test
  void addDifferenceOntoInpainting() throws IOException {
    TinyModel a = model("A", 9).write(folder);
    TinyModel b = model("B", 4).write(folder);
    TinyModel c = model("C", 4).write(folder);
    double[] sum = new double[18];
    double[] turned = new double[18];
    for (int o = 0; o < 2; o++) {
      for (int i = 0; i < 9; i++) {
        double wide = at(a, 9, o, i);
        double change = i < 4 ? (at(b, 4, o, i) - at(c, 4, o, i)) : 0;
        sum[9 * o + i] = wide + change;
        turned[9 * o + i] = i < 4 ? at(b, 4, o, i) + (wide - at(c, 4, o, i)) * 0.5 : wide;
      }
    }
    Merged merged = merge("R = A + (B - C) x 1").equal(FIRST, sum);
    assertEquals(Shape.of(2, 9, 1, 1), merged.info(FIRST).shape());
    assertEquals(one(Kind.CHANNELS, Part.UNET, 1, "A"), merged.special(Kind.CHANNELS, Part.UNET));
    merge("R = B + (A - C) x 0.5").equal(FIRST, turned);
  }

  @Test
  void weightSumWithInpainting() throws IOException {
    for (int width : new int[] {9, 8}) {
      TinyModel a = model("A", width).write(folder);
      TinyModel b = model("B", 4).write(folder);
      double[] expected = new double[2 * width];
      for (int o = 0; o < 2; o++) {
        for (int i = 0; i < width; i++) {
          double wide = at(a, width, o, i);
          expected[width * o + i] = i < 4 ? wide * 0.75 + at(b, 4, o, i) * 0.25 : wide;
        }
      }
      merge(SUM).equal(FIRST, expected);
      merge("R = B x 0.25 + A x 0.75").equal(FIRST, expected);
    }
  }

  @Test
  void wideModelsWithoutWeight() throws IOException {
    TinyModel a = model("A", 9).write(folder);
    TinyModel b = model("B", 4).write(folder);
    merge("R = A x 0 + B x 1").exactly(b, FIRST);
    merge("R = B x 0 + A x 1").exactly(a, FIRST);
    merge("R = A x (1-alpha) + B x alpha\n  alpha = {IN00: 1, M00: 0.5}")
        .exactly(b, FIRST)
        .blended(a, b, 0.5, MID);
  }

  @Test
  void twoWideModels() throws IOException {
    TinyModel a = model("A", 9).write(folder);
    TinyModel b = model("B", 9).write(folder);
    merge(SUM).blended(a, b, 0.25, FIRST);
    model("B", 8).write(folder);
    assertTrue(Merged.codes(folder, SUM).contains("BMR0502"));
  }

  @Test
  void wideModelsInMethodsAndSteps() throws IOException {
    TinyModel a = model("A", 9).write(folder);
    TinyModel b = model("B", 4).write(folder);
    TinyModel c = model("C", 4).write(folder);
    double[] trained = a.values(FIRST).clone();
    double[] steps = a.values(FIRST).clone();
    for (int o = 0; o < 2; o++) {
      for (int i = 0; i < 4; i++) {
        double near = Math.abs(at(b, 4, o, i) - at(a, 9, o, i));
        double change = at(b, 4, o, i) - at(c, 4, o, i);
        trained[9 * o + i] += 1.8 * near / (near + Math.abs(change)) * change;
        double one = half(at(a, 9, o, i) + change * 0.3);
        steps[9 * o + i] = half(one * 0.7 + at(b, 4, o, i) * 0.3);
      }
      for (int i = 4; i < 9; i++) {
        steps[9 * o + i] = half(half(at(a, 9, o, i)));
      }
    }
    merge("R = trainDifference(A, B, C)").equal(FIRST, trained);
    merge("precision stepwise \"f16\"\nT = A + (B - C) x 0.3\nR = T x 0.7 + B x 0.3")
        .equal(FIRST, steps);
    double[] arc = merge("R = slerp(A, B, 0.25)").values(FIRST);
    double[] turned = merge("R = slerp(B, A, 0.75)").values(FIRST);
    for (int o = 0; o < 2; o++) {
      for (int i = 4; i < 9; i++) {
        assertEquals(at(a, 9, o, i), arc[9 * o + i], 0);
      }
    }
    org.junit.jupiter.api.Assertions.assertArrayEquals(arc, turned, 1e-14);
  }

  private static double half(double value) {
    return Float.float16ToFloat(Float.floatToFloat16((float) value));
  }

  @Test
  void emaCopiesAreMergedWhereTheScriptKeepsThem() throws IOException {
    String ema = "model_ema.diffusion_modelinput_blocks41proj_inweight";
    TinyModel a = TinyModel.sd1("A").with(ema).write(folder);
    TinyModel b = TinyModel.sd1("B").with(ema).write(folder);
    Optional<SpecialCase> dropped = one(Kind.EMA_DROPPED, Part.OTHER, 1, "A", "B");
    assertEquals(dropped, merge(SUM).special(Kind.EMA_DROPPED, Part.OTHER));
    assertEquals(dropped, merge("drop ema\n" + SUM).special(Kind.EMA_DROPPED, Part.OTHER));
    Merged kept = merge("keep ema\n" + SUM).blended(a, b, 0.25, ema, CLIP);
    assertEquals(Optional.empty(), kept.special(Kind.EMA_DROPPED, Part.OTHER));
    // like everything outside of the U-Net they have the weight of BASE
    merge("keep ema\nR = A x (1-w) + B x w, w = {BASE: 0, IN: 0.5}").exactly(a, ema, CLIP);
  }
}
