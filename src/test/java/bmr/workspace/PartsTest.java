package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.HEAD;
import static bmr.workspace.TinyModel.IDS;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.OUT03;
import static bmr.workspace.TinyModel.TIME;
import static bmr.workspace.TinyModel.VAE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.graph.FoldedModel.Kind;
import bmr.model.Part;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code clip(A)} and its like, and what {@code save} lines say of components. */
class PartsTest {
  private static final String EMA = "model_ema.diffusion_model";
  private static final String[] UNET = {TIME, IN04, MID, OUT03, HEAD};

  @TempDir private Path folder;
  private TinyModel a = TinyModel.sd1("A");
  private TinyModel b = TinyModel.sd1("B");
  private TinyModel c = TinyModel.sd1("C");

  @BeforeEach
  void write() {
    a.write(folder);
    b.write(folder);
    c.write(folder);
  }

  private Merged merge(String formula) throws IOException {
    return Merged.of(folder, formula, "save R f64");
  }

  private void moved(Merged merged, TinyModel base, double share, String key) {
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = base.values(key)[i] + (b.values(key)[i] - c.values(key)[i]) * share;
    }
    merged.equal(key, expected);
  }

  @Test
  void aPartTakesPartInItsComponentOnly() throws IOException {
    Merged merged = merge("R = A x 0.7 + clip(B) x 0.3").blended(a, b, 0.3, CLIP);
    merged.exactly(a, UNET).exactly(a, VAE);
    assertEquals(24, merged.readOf("B"));
    assertEquals(List.of(), merged.plan().model().cases(), "what is meant is not counted");
    merge("R = clip(B) x 0.3 + A x 0.7").blended(a, b, 0.3, CLIP).exactly(a, UNET).exactly(a, VAE);
    merge("R = A x 0.7 + vae(B) x 0.3").blended(a, b, 0.3, VAE).exactly(a, UNET).exactly(a, CLIP);
    merge("R = A x 0.7 + unet(B) x 0.3").blended(a, b, 0.3, UNET).exactly(a, VAE, CLIP);
  }

  @Test
  void differencesOfParts() throws IOException {
    Merged baked = merge("R = A + (vae(B) - vae(A))").exactly(b, VAE).exactly(a, UNET);
    assertEquals(24, baked.readOf("B"));
    assertEquals(List.of(), baked.plan().model().cases());
    Merged text = merge("R = A + (clip(B) - clip(C)) x 0.5").exactly(a, UNET).exactly(a, VAE);
    moved(text, a, 0.5, CLIP);
    moved(merge("R = A + clip(B - C) x 0.5").exactly(a, VAE), a, 0.5, CLIP);
    moved(merge("D = B - C\nR = A + unet(D) x 0.25").exactly(a, VAE, CLIP), a, 0.25, MID);
  }

  @Test
  void formulasInParts() throws IOException {
    Merged merged = merge("R = A x 0.5 + clip(B x 0.25 + C x 0.75) x 0.5").exactly(a, UNET);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] =
          a.values(CLIP)[i] * 0.5 + (b.values(CLIP)[i] * 0.25 + c.values(CLIP)[i] * 0.75) * 0.5;
    }
    merged.equal(CLIP, expected);
    merge("R = unet(A) | clip(B) | vae(C)").exactly(a, UNET).exactly(b, CLIP).exactly(c, VAE);
    merge("R = unet(A x 0.5 + B x 0.5) | C").blended(a, b, 0.5, UNET).exactly(c, CLIP, VAE);
    merge("R = slerp(A, unet(B), 0.5)").exactly(a, CLIP, VAE);
    merge("R = A x (1-w) + clip(B) x w\n  w = {CLIP: 0.25, IN: 1}")
        .blended(a, b, 0.25, CLIP)
        .exactly(a, UNET);
  }

  @Test
  void apartAlone() throws IOException {
    Merged text = merge("R = clip(A)").exactly(a, CLIP);
    assertFalse(text.has(VAE));
    assertFalse(text.has(MID));
    Merged unet = merge("R = unet(A)").exactly(a, UNET);
    assertFalse(unet.has(CLIP));
    assertFalse(merge("R = vae(A)").has(MID));
    assertTrue(Merged.codes(folder, "R = clip(unet(A))").contains("BMR0509"), "nothing is left");
  }

  @Test
  void markersAndTablesFollowTheirComponent() throws IOException {
    a.with("v_pred", DType.F32, Shape.of(1), 1).with(IDS, DType.I64, Shape.of(1), 0).write(folder);
    assertTrue(merge("R = unet(A) | B").has("v_pred"));
    assertTrue(merge("R = A | vae(B)").has("v_pred"));
    assertFalse(merge("R = clip(A) | B").has("v_pred"));
    assertFalse(merge("R = clip(A)").has("v_pred"));
    assertTrue(merge("R = clip(A) | B").has(IDS));
    assertFalse(merge("R = unet(A) | vae(B) | clip(C)").has(IDS));
  }

  @Test
  void partsOfFilesThatHoldNothingElse() throws IOException {
    TinyModel vae =
        TinyModel.empty("x", DType.F32).with("decoder.conv_in.weight", "encoder.conv_in.weight");
    vae.with("loss.logvar").write(folder);
    Merged merged = merge("R = A x 0.75 + vae(\"x\") x 0.25").exactly(a, UNET).exactly(a, CLIP);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = a.values(VAE)[i] * 0.75 + vae.values("decoder.conv_in.weight")[i] * 0.25;
    }
    merged.equal(VAE, expected);
    assertTrue(merged.has("first_stage_model.encoder.conv_in.weight"));
    a.without(VAE).write(folder);
    for (String beginning : List.of("", "first_stage_model.", "vae.")) {
      String key = beginning + "decoder.conv_in.weight";
      TinyModel.empty("x", DType.F32)
          .with(key, DType.F32, Shape.of(6), vae.values("decoder.conv_in.weight"))
          .write(folder);
      Merged.of(folder, "R = A", "save R f64 vae: x")
          .equal(VAE, vae.values("decoder.conv_in.weight"));
    }
  }

  @Test
  void wordsThatAreNoParts() throws IOException {
    merge("R = A x (1-vae) + B x vae (0.25,)\n").blended(a, b, 0.25, VAE);
    merge("clip = A x 0.5 + B x 0.5\nR = clip x 0.5 + C x 0.5");
  }

  @Test
  void typesOfComponents() throws IOException {
    Merged types = Merged.of(folder, "R = A x 0.5 + B x 0.5", "save R f64 unet: f16, clip: f32");
    assertEquals(DType.F16, types.info(MID).dtype());
    assertEquals(DType.F32, types.info(CLIP).dtype());
    assertEquals(DType.F64, types.info(VAE).dtype());
    Merged both = Merged.of(folder, "R = A x 0.5 + B x 0.5", "save R f16 vae: C as f32");
    both.exactly(c, VAE);
    assertEquals(DType.F32, both.info(VAE).dtype());
    assertEquals(DType.F16, both.info(CLIP).dtype());
    Merged source = Merged.of(folder, "R = A x 0.5 + B x 0.5", "save R as source, vae: bf16");
    assertEquals(DType.BF16, source.info(VAE).dtype());
    assertEquals(DType.F32, source.info(CLIP).dtype());
    assertTrue(Merged.codes(folder, "R = A", "save R unet: C").contains("BMR0185"));
  }

  @Test
  void vaesThatDoNotFit() throws IOException {
    double[] values = new double[64];
    a.with(HEAD, DType.F32, Shape.of(4, 1, 1, 1), 1, 2, 3, 4).write(folder);
    TinyModel.empty("flux", DType.F32)
        .with("decoder.conv_in.weight", DType.F32, Shape.of(1, 16, 2, 2), values)
        .write(folder);
    assertTrue(Merged.codes(folder, "R = A", "save R vae: flux").contains("BMR0180"));
    assertTrue(Merged.codes(folder, "R = vae(flux) | A").contains("BMR0180"));
    TinyModel.empty("four", DType.F32)
        .with("decoder.conv_in.weight", DType.F32, Shape.of(4, 4, 2, 2), values)
        .write(folder);
    assertEquals(List.of(), Merged.codes(folder, "R = A", "save R vae: four"));
    a.without(VAE).write(folder);
    assertTrue(Merged.codes(folder, "R = B", "save R vae: A").contains("BMR0181"));
  }

  @Test
  void emaWeights() throws IOException {
    String copy = EMA + "middle_block0in_layers2weight";
    String other = EMA + "out2weight";
    a.with(copy, other).write(folder);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = a.values(copy)[i] * 0.75 + b.values(MID)[i] * 0.25;
    }
    Merged merged = merge("R = ema(A) x 0.75 + B x 0.25").equal(MID, expected);
    merged.blended(a, b, 0.25, CLIP, VAE, TIME);
    assertFalse(merged.has(copy));
    assertEquals(Optional.empty(), merged.special(Kind.EMA_DROPPED, Part.OTHER));
    assertTrue(merged.codes().contains("BMR0183"));
    // the average against what was trained
    Merged both = merge("R = A + (ema(A) - A) x 0.5");
    for (int i = 0; i < 6; i++) {
      expected[i] = a.values(MID)[i] + (a.values(copy)[i] - a.values(MID)[i]) * 0.5;
    }
    both.equal(MID, expected).exactly(a, CLIP, VAE, TIME);
    assertTrue(Merged.codes(folder, "R = ema(B)").contains("BMR0182"));
    assertTrue(Merged.codes(folder, "D = A x 0.5 + B x 0.5\nR = ema(D)").contains("BMR0184"));
  }
}
