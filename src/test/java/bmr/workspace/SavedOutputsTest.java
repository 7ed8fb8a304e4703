package bmr.workspace;

import static bmr.workspace.TinyModel.CLIP;
import static bmr.workspace.TinyModel.HEAD;
import static bmr.workspace.TinyModel.IN04;
import static bmr.workspace.TinyModel.IN11;
import static bmr.workspace.TinyModel.MID;
import static bmr.workspace.TinyModel.OUT03;
import static bmr.workspace.TinyModel.TIME;
import static bmr.workspace.TinyModel.VAE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.engine.Limits;
import bmr.graph.FoldedModel.Kind;
import bmr.model.Part;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code save} lines choose, and what a file carries beside its tensors. */
class SavedOutputsTest {
  private static final String SUM = "R = A x 0.75 + B x 0.25";

  @TempDir private Path folder;

  @Test
  void vaeFromElsewhere() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    TinyModel c = TinyModel.sd1("C").write(folder);
    Merged source = Merged.of(folder, SUM, "save R f64 vae: C");
    source.exactly(c, VAE).blended(a, b, 0.25, CLIP, IN04, HEAD);
    assertEquals(24, source.readOf("C"));
    assertEquals(7 * 24, source.readOf("A"));
    Merged.of(folder, SUM, "V = B x 0.5 + C x 0.5", "save R f64 vae: V")
        .blended(b, c, 0.5, VAE)
        .blended(a, b, 0.25, MID);
    Merged none = Merged.of(folder, SUM, "save R f64 vae: none");
    assertFalse(none.has(VAE));
    assertFalse(none.codes().contains("BMR0505"));
    assertEquals(1, none.special(Kind.PART_LEFT_OUT, Part.VAE).orElseThrow().tensors());
    Merged wide = Merged.of(folder, SUM, "save R vae: f32").blended(a, b, 0.25, VAE);
    assertEquals(DType.F32, wide.info(VAE).dtype());
    assertEquals(DType.F16, wide.info(MID).dtype());
  }

  @Test
  void vaeOfAFileOfItsOwn() throws IOException {
    TinyModel.sd1("A").write(folder);
    TinyModel.sd1("B").write(folder);
    double[] values = {1, 2, 3, 4, 5, 6};
    Shape shape = Shape.of(2, 3);
    TinyModel.empty("kl.vae", DType.F32)
        .with("decoder.conv_in.weight", DType.F32, shape, values)
        .with("post_quant_conv.weight", DType.F32, shape, values)
        .with("loss.logvar", DType.F32, Shape.of(1), 0)
        .write(folder);
    Merged merged =
        Merged.of(folder, SUM, "model KL = \"../kl.vae.safetensors\"", "save R f64 vae: KL");
    merged.equal(VAE, values).equal("first_stage_model.post_quant_conv.weight", values);
    assertEquals(9, merged.plan().outputs().size());
  }

  @Test
  void unetAlone() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    Merged merged = Merged.of(folder, SUM, "save R f64 unet");
    merged.blended(a, b, 0.25, TIME, IN04, IN11, MID, OUT03, HEAD);
    assertEquals(6, merged.plan().outputs().size());
  }

  @Test
  void differences() throws IOException {
    TinyModel b = TinyModel.sd1("B").write(folder);
    TinyModel c = TinyModel.sd1("C").without(VAE).write(folder);
    Merged merged = Merged.of(folder, "D = B - C", "save D f32 as difference");
    for (String key : new String[] {CLIP, TIME, IN04, IN11, MID, OUT03, HEAD}) {
      double[] expected = new double[6];
      for (int i = 0; i < 6; i++) {
        expected[i] = b.values(key)[i] - c.values(key)[i];
      }
      merged.equal(key, expected);
      assertEquals(DType.F32, merged.info(key).dtype());
    }
    // what C lacks is a difference of nothing, never B
    merged.equal(VAE, 0, 0, 0, 0, 0, 0);
    assertTrue(Merged.codes(folder, "D = B - C", "save D").contains("BMR0304"));
    assertTrue(Merged.codes(folder, "D = B - C").contains("BMR0304"));
  }

  private static double half(double value) {
    return Float.float16ToFloat(Float.floatToFloat16((float) value));
  }

  @Test
  void stepwise() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel b = TinyModel.sd1("B").write(folder);
    TinyModel c = TinyModel.sd1("C").write(folder);
    Merged merged =
        Merged.of(
            folder,
            "precision stepwise \"f16\"",
            "ONE = A x 0.67 + B x 0.33",
            "TWO = ONE x 0.4 + C x 0.6",
            "R = TWO + (ONE - B) x 0.17",
            "save R f32");
    for (String key : new String[] {CLIP, VAE, TIME, IN04, MID, OUT03}) {
      double[] expected = new double[6];
      for (int i = 0; i < 6; i++) {
        double one = half(a.values(key)[i] * 0.67 + b.values(key)[i] * 0.33);
        double two = half(one * 0.4 + c.values(key)[i] * 0.6);
        expected[i] = half(two + (one - b.values(key)[i]) * 0.17);
      }
      merged.equal(key, expected);
    }
  }

  @Test
  void sameBytesHoweverTheyAreMade() throws IOException {
    for (String name : new String[] {"A", "B", "C"}) {
      TinyModel model = TinyModel.sd1(name, DType.F16);
      model.with(MID, DType.F16, Shape.of(700, 300), model.random(210_000)).write(folder);
    }
    String[] recipe = {"R = slerp(A x 0.7 + B x 0.3, C, 0.4) x 0.5 + B x 0.5", "save R f16"};
    byte[] one = Merged.of(folder, new Limits(1, 16L << 20), recipe).file();
    assertArrayEquals(one, Merged.of(folder, new Limits(4, 512L << 20), recipe).file());
  }

  @Test
  void metadata() throws IOException {
    TinyModel.sd1("A").write(folder);
    TinyModel.sd1("B").write(folder);
    TinyModel.sd1("C").write(folder);
    String[] recipe = {
      "# a note",
      "models \"FOLDER\"",
      SUM + " + (C - C) x 0.5",
      "save R as \"FOLDER/r.safetensors\" f16"
    };
    byte[] bytes = in(folder, recipe);
    assertEquals("{\"", new String(bytes, 8, 2, UTF_8));
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    assertEquals(0, length % 8);
    var header = JsonParser.parseString(new String(bytes, 8, length, UTF_8)).getAsJsonObject();
    var metadata = header.getAsJsonObject("__metadata__");
    for (Map.Entry<String, JsonElement> entry : metadata.entrySet()) {
      assertTrue(entry.getValue().getAsJsonPrimitive().isString(), entry.getKey());
    }
    assertEquals("pt", metadata.get("format").getAsString());
    assertEquals(
        "# a note\n" + SUM + " + (C - C) x 0.5\nsave R as \"r.safetensors\" f16\n",
        metadata.get("bmr.recipe").getAsString());
    assertFalse(metadata.toString().contains(folder.getFileName().toString()));
    assertFalse(metadata.get("bmr.sources").getAsString().contains("\"C\""), "never read");
    Path other = Files.createDirectory(folder.resolve("elsewhere"));
    for (String name : new String[] {"A", "B", "C"}) {
      Files.move(folder.resolve(name + ".safetensors"), other.resolve(name + ".safetensors"));
    }
    assertArrayEquals(bytes, in(other, recipe));
  }

  private static byte[] in(Path place, String... lines) throws IOException {
    String[] recipe = lines.clone();
    for (int i = 0; i < lines.length; i++) {
      recipe[i] = lines[i].replace("FOLDER", place.toString());
    }
    return Merged.of(place, recipe).file();
  }

  @Test
  void vaesThatDiffer() throws IOException {
    TinyModel a = TinyModel.sd1("A").write(folder);
    TinyModel.sd1("B").write(folder);
    TinyModel.sd1("C", DType.F16).with(VAE, DType.F16, Shape.of(2, 3), a.values(VAE)).write(folder);
    assertTrue(Merged.of(folder, SUM, "save R f64").contentCodes().contains("BMR0506"));
    assertFalse(Merged.of(folder, SUM, "save R vae: B").contentCodes().contains("BMR0506"));
    String same = "R = A x 0.75 + C x 0.25";
    assertFalse(Merged.of(folder, same, "save R f64").contentCodes().contains("BMR0506"));
    String apart = "R = A x (1-w) + B x w\n  w = {UNET: 0.5}";
    assertFalse(Merged.of(folder, apart, "save R f64").contentCodes().contains("BMR0506"));
  }
}
