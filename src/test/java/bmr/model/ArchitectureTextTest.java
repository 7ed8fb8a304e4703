package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTextTest {
  private static final String TINY =
      """
      # a comment
      name Tiny transformer
      type BF16
      modelspec tiny
      when
        has emb.weight [_, 512]
        lacks vision.*
      when
        has blocks.0.attn.*

      IN03..IN05 special.#.*
      M00 middle.*
      L00..L07 *blocks.#.*
      """;

  @Test
  void saysWhatItIsAndWhereKeysLie() {
    Architecture tiny = ArchitectureText.parse(TINY);
    assertEquals("Tiny transformer", tiny.label());
    assertEquals("Tiny transformer", tiny.name());
    assertTrue(tiny.prefersBf16());
    assertEquals(Optional.of("tiny"), tiny.modelSpec());
    assertEquals(
        "[BASE, IN03, IN04, IN05, M00, L00, L01, L02, L03, L04, L05, L06, L07]",
        tiny.blocks().toString());
    assertEquals("L07", tiny.block("x.blocks.7.attn.weight").label());
    assertEquals("BASE", tiny.block("x.blocks.8.attn.weight").label());
    assertEquals("IN04", tiny.block("special.1.x").label());
    assertEquals("M00", tiny.block("middle.blocks.1.x").label());
    assertEquals("L02", BlockMap.standard().place(tiny, "blocks.2.attn.weight").block().label());
  }

  @Test
  void knowsItsFilesByOneOfItsCases() {
    Architecture tiny = ArchitectureText.parse(TINY);
    List<Architecture> own = List.of(tiny);
    assertEquals(tiny, ArchitectureDetection.of(keys("emb.weight", 9, 512), own));
    assertEquals(
        Optional.of("has emb.weight [_, 512], lacks vision.*"),
        tiny.reason(keys("emb.weight", 9, 512)));
    assertEquals(Optional.empty(), tiny.reason(keys("emb.weight", 9, 511)));
    assertEquals(Optional.empty(), tiny.reason(keys("emb.weight", 9, 512, 1)));
    assertEquals(tiny, ArchitectureDetection.of(keys("blocks.0.attn.q"), own));
    assertEquals(Architecture.LAYERS, ArchitectureDetection.of(keys("blocks.0.attn.q")));
    Map<String, TensorInfo> both = keys("emb.weight", 9, 512);
    both.putAll(keys("vision.x"));
    assertEquals(Optional.empty(), tiny.reason(both));
  }

  private static Map<String, TensorInfo> keys(String key, long... shape) {
    var tensors = new LinkedHashMap<String, TensorInfo>();
    tensors.put(key, new TensorInfo(key, DType.F16, Shape.of(shape)));
    return tensors;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "when/has a | 2 | no line says the name of the architecture",
        "name x | 1 | no `when` says how a model of it is known",
        "name x/name y | 2 | this has been said before",
        "name | 1 | a name has 1 to 40 characters of ASCII",
        "name x/has a | 2 | `has` and `lacks` stand below a `when`",
        "name x/when/lacks a | 3 | a `when` needs a `has`",
        "name x/when/when/has a | 3 | a `when` needs a `has`",
        "name x/when now | 2 | nothing follows `when` on its line",
        "name x/when/has | 3 | a pattern of keys is expected, and perhaps a shape such as `[_,"
            + " 768]`",
        "name x/when/has a [x] | 3 | a shape holds whole numbers and `_`",
        "name x/type F8 | 2 | a type is `F16` or `BF16`",
        "name x/block a | 2 | no line begins with `block`",
        "name x/IN12 a | 2 | no line begins with `IN12`",
        "name x/L00..L07 a.* | 2 | a range of blocks needs a `#` for the number in the key",
        "name x/L07..L00 a.#.* | 2 | a range of blocks goes upwards within one kind: `L00..L31`",
        "name x/L00..S07 a.#.* | 2 | a range of blocks goes upwards within one kind: `L00..L31`",
        "name x/L00 a b | 2 | a pattern has 1 to 200 characters and no blank"
      })
  void refusesOtherLines(String text, int line, String reason) {
    var fault =
        assertThrows(
            ArchitectureText.Fault.class, () -> ArchitectureText.parse(text.replace('/', '\n')));
    assertEquals(line + ": " + reason, fault.line() + ": " + fault.reason());
  }

  @Test
  void patternsMatchAsRegularExpressionsDo() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String glob = text(random, "ab.*", 6);
      String key = text(random, "ab.", 8);
      String expression = Pattern.quote(glob).replace("*", "\\E.*\\Q");
      assertEquals(
          key.matches(expression), new KeyGlob(glob).matches(key), glob + " " + key + " " + seed);
    }
  }

  private static String text(Random random, String letters, int most) {
    var text = new StringBuilder();
    for (int left = random.nextInt(most + 1); left > 0; left--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  @Test
  void numbersInPatterns() {
    assertEquals(OptionalInt.of(31), new KeyGlob("*.#.*").number("model.layers.31.mlp.4.x"));
    assertEquals(OptionalInt.of(7), new KeyGlob("a#").number("a7"));
    assertFalse(new KeyGlob("*.#.*").matches("model.layers.12345.x"));
    assertFalse(new KeyGlob("*1#").matches("a123"));
    assertTrue(new KeyGlob("*#").matches("a123"));
    assertEquals(OptionalInt.of(123), new KeyGlob("*#").number("a123"));
  }

  @Test
  void layersOfAnythingElse() {
    Map<String, TensorInfo> llama = keys("model.layers.31.mlp.up_proj.weight");
    assertEquals(Architecture.LAYERS, ArchitectureDetection.of(llama));
    assertEquals("L31", Architecture.LAYERS.block("model.layers.31.mlp.up_proj.weight").label());
    assertEquals("BASE", Architecture.LAYERS.block("lm_head.weight").label());
    assertEquals("BASE", Architecture.LAYERS.block("model.layers.100.x").label());
    assertEquals(Architecture.UNKNOWN, ArchitectureDetection.of(keys("lora_unet_down_0.alpha")));
    assertEquals(Architecture.UNKNOWN, ArchitectureDetection.of(keys("x.layers.0.lora_A.weight")));
  }

  @Test
  void kinOfSdxl() {
    String in = "model.diffusion_model.input_blocks.8.1.transformer_blocks.";
    Map<String, TensorInfo> some = keys("model.diffusion_model.label_emb.0.0.bias");
    for (int depth = 0; depth < 10; depth++) {
      some.putAll(keys(in + depth + ".norm1.bias"));
      if (depth == 1) {
        assertEquals(Architecture.VEGA, ArchitectureDetection.of(some));
      } else if (depth == 3) {
        assertEquals(Architecture.SSD_1B, ArchitectureDetection.of(some));
      }
    }
    assertEquals(Architecture.SDXL, ArchitectureDetection.of(some));
  }
}
