package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.IDS;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.OUT03;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.model.Part;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes from the leftmost model alone, and what nobody keeps. */
class PrimaryOperandTest {
  private static final String SUM = "R = A x 0.5 + B x 0.5";
  private static final Shape ONE = Shape.of(1);
  private static final Shape TOKENS = Shape.of(1, 77);

  @TempDir private Path folder;

  private Merged merge(String formula) throws IOException {
    return Merged.of(folder, formula, "save R f64");
  }

  @Test
  void markersAndSchedules() throws IOException {
    TinyModel.sdxl("A").with("betas", DType.F32, ONE, 0.25).write(folder);
    TinyModel b =
        TinyModel.sdxl("B")
            .with("v_pred", DType.F32, ONE, 0)
            .with("ztsnr", DType.F32, ONE, 0)
            .with("betas", DType.F32, ONE, 0.5)
            .with("alphas_cumprod", DType.F32, ONE, 0.125)
            .write(folder);
    Merged merged = merge(SUM).equal("betas", 0.25);
    assertFalse(merged.has("v_pred") || merged.has("ztsnr") || merged.has("alphas_cumprod"));
    assertTrue(merged.codes().contains("BMR0507"));
    assertEquals(
        Optional.of(new SpecialCase(Kind.SECONDARY_DROPPED, Part.OTHER, 3, List.of("B"))),
        merged.special(Kind.SECONDARY_DROPPED, Part.OTHER));
    merge("R = B x 0.5 + A x 0.5").exactly(b, "betas", "v_pred", "ztsnr", "alphas_cumprod");
    // a difference is no model: the primary operand is A
    assertFalse(merge("R = (B - C) x 0.5 + A\nC = B x 0.5 + A x 0.5").has("v_pred"));
    // a marker is a copy, in its own type
    assertEquals(DType.F32, merge("R = B x 0.5 + A x 0.5").info("v_pred").dtype());
    Merged bOnly = Merged.of(folder, "R = A", "save R f64 vae: B");
    assertFalse(bOnly.codes().contains("BMR0507"), "a VAE predicts nothing");
  }

  private void positionIds(TinyModel a, TinyModel b) throws IOException {
    a.write(folder);
    b.write(folder);
    Merged merged = merge(SUM);
    assertEquals(DType.I64, merged.info(IDS).dtype());
    assertEquals(TOKENS, merged.info(IDS).shape());
    ByteBuffer bytes = ByteBuffer.wrap(merged.bytes(IDS)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 77; i++) {
      assertEquals(i, bytes.getLong());
    }
  }

  @Test
  void positionIds() throws IOException {
    double[] right = IntStream.range(0, 77).asDoubleStream().toArray();
    double[] damaged = right.clone();
    damaged[41] = 40;
    positionIds(
        TinyModel.sd1("A").with(IDS, DType.F16, TOKENS, damaged),
        TinyModel.sd1("B").with(IDS, DType.I64, TOKENS, right));
    positionIds(TinyModel.sd1("A"), TinyModel.sd1("B").with(IDS, DType.I64, TOKENS, damaged));
    positionIds(TinyModel.sd1("A").with(IDS, DType.I64, Shape.of(77), damaged), TinyModel.sd1("B"));
  }

  @Test
  void neverBlended() throws IOException {
    String scale = "conditioner.embedders.1.model.logit_scale";
    String counter = "model.diffusion_model.counter";
    TinyModel a =
        TinyModel.sdxl("A")
            .with(scale, DType.F32, ONE, 4)
            .with(counter, DType.I64, ONE, 7)
            .write(folder);
    TinyModel.sdxl("B")
        .with(scale, DType.F32, ONE, 5)
        .with(counter, DType.I64, ONE, 9)
        .write(folder);
    Merged merged = merge("R = A x 0 + B x 1").exactly(a, scale);
    assertEquals(DType.I64, merged.info(counter).dtype());
    assertArrayEquals(new byte[] {7, 0, 0, 0, 0, 0, 0, 0}, merged.bytes(counter));
    assertEquals(
        Optional.of(new SpecialCase(Kind.NEVER_BLENDED, Part.CLIP_G, 1, List.of("A"))),
        merged.special(Kind.NEVER_BLENDED, Part.CLIP_G));
  }

  @Test
  void spellingsOfShapes() throws IOException {
    double[] ones = {1, 2, 3, 4, 5, 6};
    double[] twos = {2, 2, 2, 2, 2, 2};
    double[] mean = {1.5, 2, 2.5, 3, 3.5, 4};
    TinyModel.sd1("A").with(IN04, DType.F32, Shape.of(2, 3), ones).write(folder);
    TinyModel.sd1("B").with(IN04, DType.F32, Shape.of(2, 3, 1, 1), twos).write(folder);
    Merged merged = merge(SUM).equal(IN04, mean);
    assertEquals(Shape.of(2, 3), merged.info(IN04).shape());
    assertEquals(1, merged.special(Kind.SHAPE_SPELLING, Part.UNET).orElseThrow().tensors());
    Merged turned = merge("R = B x 0.5 + A x 0.5").equal(IN04, mean);
    assertEquals(Shape.of(2, 3, 1, 1), turned.info(IN04).shape());
    TinyModel.sd1("B").with(IN04, DType.F32, Shape.of(3, 2), twos).write(folder);
    assertTrue(Merged.codes(folder, SUM).contains("BMR0502"));
  }

  @Test
  void spellingsOfKeys() throws IOException {
    String old = CLIP.replace("text_model.", "");
    TinyModel a = TinyModel.sd1("A").without(CLIP);
    double[] values = a.random(6);
    a.with(old, DType.F32, Shape.of(2, 3), values).write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = values[i] * 0.5 + b.values(CLIP)[i] * 0.5;
    }
    assertFalse(merge(SUM).equal(CLIP, expected).has(old));
    merge("R = B x 0.5 + A x 0.5").equal(CLIP, expected);
  }

  @Test
  void leftoversOfTraining() throws IOException {
    TinyModel.sd1("A")
        .with("model_ema.diffusion_modelout2weight", "loss.logvar", "optimizer_states.0.exp_avg")
        .write(folder);
    TinyModel.sd1("B").with("model_ema.decay").write(folder);
    Merged merged = merge(SUM);
    assertEquals(8, merged.plan().outputs().size());
    int dropped =
        merged.plan().model().cases().stream()
            .filter(one -> one.kind() == Kind.EMA_DROPPED || one.kind() == Kind.TRAINING_DROPPED)
            .mapToInt(SpecialCase::tensors)
            .sum();
    assertEquals(4, dropped);
  }

  @Test
  void types() throws IOException {
    TinyModel.sd1("A", DType.BF16).with(MID, DType.F64, Shape.of(2), 1, 2).write(folder);
    TinyModel.sd1("B", DType.F32).with(MID, DType.F32, Shape.of(2), 1, 2).write(folder);
    Merged standard = Merged.of(folder, SUM);
    assertEquals(DType.F16, standard.info(OUT03).dtype());
    assertEquals(DType.F16, standard.info(MID).dtype());
    Merged same = Merged.of(folder, SUM, "save R as source");
    assertEquals(DType.BF16, same.info(OUT03).dtype());
    assertEquals(DType.F64, same.info(MID).dtype());
    for (DType type : new DType[] {DType.F16, DType.BF16, DType.F32, DType.F64}) {
      String save = "save R " + type.tag().toLowerCase(java.util.Locale.ROOT);
      assertEquals(type, Merged.of(folder, SUM, save).info(OUT03).dtype());
    }
  }

  /** One model has whole numbers where the other has fractions: the first one's stay. */
  @Test
  void wholeNumbersOfOneModel() throws IOException {
    TinyModel.sd1("A").with(MID, DType.I64, ONE, 7).write(folder);
    TinyModel.sd1("B").with(MID, DType.F32, ONE, 0.5).write(folder);
    assertEquals(DType.I64, merge(SUM).info(MID).dtype());
    assertEquals(DType.F64, merge("R = B x 0.5 + A x 0.5").info(MID).dtype());
  }
}
