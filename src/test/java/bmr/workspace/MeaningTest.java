package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.CLIPG;
import static bmr.workspace.TinyModel.CLIPL;
import static bmr.workspace.TinyModel.HEAD;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.IN08;
import static bmr.workspace.TinyModel.IN11;
import static bmr.workspace.TinyModel.LABEL;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.OUT03;
import static bmr.workspace.TinyModel.OUT08;
import static bmr.workspace.TinyModel.TIME;
import static bmr.workspace.TinyModel.VAE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.ProblemException;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What weights mean: which tensor they reach, and how much. */
class MeaningTest {
  private static final String SUM = "R = A x (1-alpha) + B x alpha";

  @TempDir private Path folder;

  private Merged sum(String alpha) throws IOException {
    return Merged.of(folder, SUM, "  alpha = " + alpha, "save R f64");
  }

  @Test
  void clipAlone() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    Merged merged = Merged.of(folder, SUM, "  alpha = {CLIP: 1}", "save R f32");
    merged.exactly(a, VAE, TIME, IN04, IN11, MID, OUT03, HEAD).exactly(b, CLIP);
    assertEquals(24, merged.readOf("B"));
    assertEquals(7 * 24, merged.readOf("A"));
    assertEquals(8 * 24, merged.plan().readBytes());
    assertEquals(8 * 24, merged.plan().writeBytes());
  }

  @Test
  void subNames() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    sum("{CLIP: 0.25, VAE: 1, TIME: 0.5, HEAD: 0.75}")
        .blended(a, b, 0.25, CLIP)
        .exactly(b, VAE)
        .blended(a, b, 0.5, TIME)
        .blended(a, b, 0.75, HEAD)
        .exactly(a, IN04, IN11, MID, OUT03);
    sum("{VAE: 0, HEAD: 0.25, BASE: 0.5, OUT: 1}")
        .exactly(a, VAE, IN04, MID)
        .blended(a, b, 0.25, HEAD)
        .blended(a, b, 0.5, CLIP)
        .exactly(b, OUT03);
  }

  @Test
  void subNamesOfSdxl() throws IOException {
    TinyModel a = TinyModel.sdxl("A").write(folder);
    TinyModel b = TinyModel.sdxl("B").write(folder);
    sum("{CLIP: 0.5, CLIPG: 0.25, LABEL: 0.125, TIME: 1}")
        .blended(a, b, 0.5, CLIPL)
        .blended(a, b, 0.25, CLIPG)
        .blended(a, b, 0.125, LABEL)
        .exactly(b, TIME)
        .exactly(a, VAE, IN04, IN08, MID, OUT03, OUT08, HEAD);
  }

  @Test
  void groups() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    sum("{IN: 0.25, MID: 0.5, OUT: 0.75}")
        .exactly(a, CLIP, VAE)
        .blended(a, b, 0.25, TIME, IN04, IN11)
        .blended(a, b, 0.5, MID)
        .blended(a, b, 0.75, OUT03, HEAD);
    sum("{UNET: 0.25}")
        .exactly(a, CLIP, VAE)
        .blended(a, b, 0.25, TIME, IN04, IN11, MID, OUT03, HEAD);
    sum("{ALL: 0.25, IN04: 1}")
        .blended(a, b, 0.25, CLIP, VAE, TIME, IN11, MID, OUT03, HEAD)
        .exactly(b, IN04);
  }

  /** 0, 0.01, 0.02, ...: each position of a list tells its block. */
  private static String list(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "0.%02d".formatted(i))
        .collect(Collectors.joining(",", "(", ")"));
  }

  @Test
  void listsOnSdxl() throws IOException {
    TinyModel a = TinyModel.sdxl("A").write(folder);
    TinyModel b = TinyModel.sdxl("B").write(folder);
    sum(list(20))
        .exactly(a, CLIPL, CLIPG, VAE)
        .blended(a, b, 0.01, TIME, LABEL)
        .blended(a, b, 0.05, IN04)
        .blended(a, b, 0.09, IN08)
        .blended(a, b, 0.10, MID)
        .blended(a, b, 0.14, OUT03)
        .blended(a, b, 0.19, OUT08, HEAD);
    sum(list(26))
        .blended(a, b, 0.01, TIME, LABEL)
        .blended(a, b, 0.09, IN08)
        .blended(a, b, 0.13, MID)
        .blended(a, b, 0.17, OUT03)
        .blended(a, b, 0.22, OUT08, HEAD);
  }

  @Test
  void listsOnSd1() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    sum(list(26))
        .exactly(a, CLIP, VAE)
        .blended(a, b, 0.01, TIME)
        .blended(a, b, 0.05, IN04)
        .blended(a, b, 0.12, IN11)
        .blended(a, b, 0.13, MID)
        .blended(a, b, 0.17, OUT03)
        .blended(a, b, 0.25, HEAD);
    try (Workspace workspace = Merged.open(folder, SUM, "  alpha = " + list(20))) {
      assertTrue(workspace.failed());
    }
  }

  @Test
  void historicBlockMaps() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    String[] recipe = {SUM, "  alpha = {IN: 0.25, OUT: 0.75}", "save R f64", ""};
    assertTrue(Merged.of(folder, recipe).blended(a, b, 0.25, TIME).codes().contains("BMR0508"));
    recipe[3] = "block_map \"supermerger-2023-06\"";
    Merged.of(folder, recipe).blended(a, b, 0.25, TIME);
    recipe[3] = "block_map \"supermerger-2023-07\"";
    Merged moved =
        Merged.of(folder, recipe).blended(a, b, 0.75, TIME, HEAD).blended(a, b, .25, IN04);
    assertFalse(moved.codes().contains("BMR0508"));
    recipe[3] = "block_map \"model-mixer\"";
    recipe[1] = "  alpha = {BASE: 0.5, OUT: 0.75}";
    Merged.of(folder, recipe).exactly(a, VAE).blended(a, b, 0.5, CLIP).blended(a, b, 0.75, TIME);
    // the same weight at both ends: no map matters
    assertFalse(sum("0.5").codes().contains("BMR0508"));
    assertFalse(sum("{IN04: 0.5}").codes().contains("BMR0508"));
  }

  @Test
  void historicBlockMapsOnSdxl() throws IOException {
    TinyModel a = TinyModel.sdxl("A").write(folder);
    TinyModel b = TinyModel.sdxl("B").write(folder);
    assertTrue(sum("0.5").blended(a, b, 0.5, TIME, LABEL).codes().contains("BMR0508"));
    Merged.of(folder, SUM, "  alpha = 0.5", "save R f64", "block_map \"supermerger-2023-07\"")
        .exactly(a, TIME, LABEL)
        .blended(a, b, 0.5, HEAD, VAE);
  }

  @Test
  void weightOneCopiesBytes() throws IOException {
    TinyModel.sd1("A", DType.F16).write(folder);
    TinyModel b = TinyModel.sd1("B", DType.BF16).with(MID, DType.BF16, Shape.of(2), -0.0, 1e-3);
    b.with(OUT03, DType.F16, Shape.of(2, 3), 0.1, -0.0, 1e-6, 65504, -0.2, 3).write(folder);
    TinyModel.sd1("A", DType.F16).with(MID, DType.F16, Shape.of(2), 1, 1).write(folder);
    Merged merged = Merged.of(folder, SUM, "  alpha = 1", "save R f16");
    merged.exactly(b, CLIP, VAE, TIME, IN04);
    short[] mid = {
      (short) 0x8000, Float.floatToFloat16(Float.intBitsToFloat(bf16(1e-3f) << 16)),
    };
    assertArrayEquals(
        new byte[] {(byte) mid[0], (byte) (mid[0] >> 8), (byte) mid[1], (byte) (mid[1] >> 8)},
        merged.bytes(MID));
    byte[] expected = new byte[12];
    double[] values = b.values(OUT03);
    for (int i = 0; i < values.length; i++) {
      short half = Float.floatToFloat16((float) values[i]);
      expected[2 * i] = (byte) half;
      expected[2 * i + 1] = (byte) (half >> 8);
    }
    assertArrayEquals(expected, merged.bytes(OUT03));
    assertEquals(0, merged.readOf("A"));
  }

  private static int bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
  }

  @Test
  void weightZeroLeavesEvenWhatIsNotFinite() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B");
    b.with(MID, DType.F32, Shape.of(2, 3), Double.NaN, 1, 2, 3, 4, Double.POSITIVE_INFINITY);
    b.write(folder);
    sum("{ALL: 0.5, MID: 0}").exactly(a, MID).blended(a, b, 0.5, IN04);
  }

  @Test
  void packedTypesAreCopiedAlone() throws IOException {
    byte[] packed = {0x38, (byte) 0xb8, 0x7f, 1};
    TinyModel a = TinyModel.sd1("A").withBytes(MID, DType.F8_E8M0, Shape.of(4), packed);
    a.write(folder);
    TinyModel b = TinyModel.sd1("B").with(MID, DType.F32, Shape.of(4), 1, 2, 3, 4).write(folder);
    Merged merged = sum("{ALL: 0.5, MID: 0}").blended(a, b, 0.5, IN04);
    assertEquals(DType.F8_E8M0, merged.info(MID).dtype());
    assertArrayEquals(packed, merged.bytes(MID));
    assertTrue(Merged.codes(folder, SUM, "  alpha = 0.5").contains("BMR0503"));
  }

  @Test
  void architecturesDoNotMix() throws IOException {
    TinyModel.sd1("A").write(folder);
    TinyModel.sdxl("B").write(folder);
    assertTrue(Merged.codes(folder, SUM, "  alpha = 0.5").contains("BMR0501"));
  }

  @Test
  void overrides() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    sum("0.5 with {IN04:proj_in: 0.25, MID:attn2: 1, OUT:NOT proj: 0.75}")
        .blended(a, b, 0.25, IN04)
        .blended(a, b, 0.5, CLIP, VAE, TIME, IN11, MID)
        .blended(a, b, 0.75, OUT03, HEAD);
  }

  @Test
  void notANumberIsCopiedAsItIs() throws IOException {
    byte[] odd = {(byte) 0xc1, 0x7f, 0x01, 0x00, (byte) 0x80, (byte) 0xff};
    TinyModel a = TinyModel.sd1("A", DType.BF16).write(folder);
    TinyModel.sd1("B", DType.BF16).withBytes(MID, DType.BF16, Shape.of(3), odd).write(folder);
    String[] recipe = {SUM, "  alpha = {MID: 1}", "save R bf16"};
    Merged merged = Merged.withNonFinite(folder, recipe).exactly(a, IN04, OUT03);
    assertArrayEquals(odd, merged.bytes(MID));
    ProblemException refused =
        assertThrows(ProblemException.class, () -> Merged.of(folder, recipe));
    assertTrue(refused.diagnostics().toString().contains(MID), refused.diagnostics()::toString);
    recipe[2] = "save R f16";
    double[] halves = Merged.withNonFinite(folder, recipe).values(MID);
    assertTrue(Double.isNaN(halves[0]) && halves[2] == Double.NEGATIVE_INFINITY);
    assertEquals(0, halves[1]);
  }
}
