package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.model.Weight.Entry;
import bmr.model.Weight.Overridden;
import bmr.model.Weight.PerBlock;
import bmr.model.Weight.Preset;
import bmr.model.Weight.Quotient;
import bmr.model.Weight.Selected;
import bmr.model.Weight.Selector;
import bmr.model.Weight.Site;
import bmr.model.Weight.SubName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WeightTest {
  private static final String VAE = "first_stage_model.decoder.conv_in.bias";
  private static final String TEXT =
      "cond_stage_model.transformer.text_model.final_layer_norm.bias";
  private static final String TIME = "model.diffusion_model.time_embed.0.bias";
  private static final String OUT04 =
      "model.diffusion_model.output_blocks.4.1.transformer_blocks.0.attn2.to_k.weight";
  private static final String OUT04_FF =
      "model.diffusion_model.output_blocks.4.1.transformer_blocks.0.ff.net.2.weight";

  @Test
  void longListsGoByName() {
    Weight list = countingList(26);
    assertValue("0", list, Architecture.SD1, VAE);
    assertValue("1", list, Architecture.SD1, TIME);
    assertValue("18", list, Architecture.SD1, OUT04);
    assertValue("13", list, Architecture.SD2, "model.diffusion_model.middle_block.0.x");
    assertValue("25", list, Architecture.SD1, "model.diffusion_model.out.0.bias");
  }

  @Test
  void sdxlLosesTheMiddleAndTheEndOfALongList() {
    List<String> values =
        Architecture.SDXL.blocks().stream()
            .map(block -> countingList(26).at(site(Architecture.SDXL, block)).toString())
            .toList();
    assertEquals(
        Stream.concat(IntStream.rangeClosed(0, 9).boxed(), IntStream.rangeClosed(13, 22).boxed())
            .map(String::valueOf)
            .toList(),
        values);
  }

  @Test
  void shortListsAreForSdxlAlone() {
    Weight list = countingList(20);
    List<String> values =
        Architecture.SDXL.blocks().stream()
            .map(block -> list.at(site(Architecture.SDXL, block)).toString())
            .toList();
    assertEquals(IntStream.range(0, 20).mapToObj(String::valueOf).toList(), values);
    assertEquals(
        Optional.of("a list of 20 weights is for SDXL: SD 1.x needs 26"),
        list.misfit(Architecture.SD1));
    assertThrows(IllegalStateException.class, () -> list.at(site(Architecture.SD1, Block.BASE)));
  }

  @Test
  void misfitsAreFoundAnywhereInside() {
    Weight wrong = countingList(25);
    String sentence = "a list of 25 weights fits no model: 26 or 20 are needed";
    for (Weight outer :
        List.of(
            wrong,
            Weight.minus(Weight.Constant.ONE, wrong),
            Weight.times(List.of(Weight.Constant.ZERO, wrong)),
            new Quotient(Weight.Constant.ONE, wrong),
            new Selected(List.of(entry(wrong, SubName.VAE)), Weight.Constant.ZERO),
            new Overridden(wrong, List.of()))) {
      assertEquals(Optional.of(sentence), outer.misfit(Architecture.SD1));
    }
    assertEquals(Optional.empty(), countingList(26).misfit(Architecture.UNKNOWN));
    assertEquals(
        Optional.of("a list of weights per block does not fit Flux"),
        countingList(26).misfit(Architecture.FLUX));
    assertEquals(
        Optional.of("no preset is called `GRAD_X`"), new Preset("GRAD_X").misfit(Architecture.SD1));
    assertEquals(
        Optional.of("the preset `OUT09` is for SDXL only"),
        new Preset("OUT09").misfit(Architecture.SD1));
  }

  @Test
  void laterEntriesWin() {
    Entry attention =
        new Entry(
            List.of(new Selector.Blocks(Block.out(4), Block.out(4))),
            List.of("attn2"),
            false,
            Weight.of("0.3"));
    Entry range =
        new Entry(
            List.of(new Selector.Blocks(Block.out(3), Block.out(5))),
            List.of(),
            false,
            Weight.of("0.5"));
    Weight attentionLast = new Overridden(Weight.Constant.ONE, List.of(range, attention));
    assertValue("0.3", attentionLast, Architecture.SD1, OUT04);
    assertValue("0.5", attentionLast, Architecture.SD1, OUT04_FF);
    assertValue("1", attentionLast, Architecture.SD1, TIME);
    Weight rangeLast = new Overridden(Weight.Constant.ONE, List.of(attention, range));
    assertValue("0.5", rangeLast, Architecture.SD1, OUT04);
  }

  @Test
  void partsWinOverTheirBlocksInAnyOrder() {
    Entry vae = entry(Weight.Constant.ZERO, SubName.VAE);
    Entry base = new Entry(blocks(Block.BASE, Block.BASE), List.of(), false, Weight.of("0.5"));
    for (List<Entry> entries : List.of(List.of(vae, base), List.of(base, vae))) {
      Weight weight = new Selected(entries, Weight.Constant.ONE);
      assertValue("0", weight, Architecture.SD1, VAE);
      assertValue("0.5", weight, Architecture.SD1, TEXT);
      assertValue("1", weight, Architecture.SD1, TIME);
    }
  }

  @Test
  void oneTextEncoderWinsOverBoth() {
    Weight weight =
        new Selected(
            List.of(entry(Weight.of("2"), SubName.CLIPG), entry(Weight.of("3"), SubName.CLIP)),
            Weight.Constant.ZERO);
    assertValue("3", weight, Architecture.SDXL, "conditioner.embedders.0.transformer.x.weight");
    assertValue("2", weight, Architecture.SDXL, "conditioner.embedders.1.model.x.weight");
    assertValue("3", weight, Architecture.SD1, TEXT);
  }

  @Test
  void negatedElementsAndNoElements() {
    Weight not =
        new Overridden(
            Weight.Constant.ZERO,
            List.of(
                new Entry(
                    blocks(Block.out(4), Block.out(4)),
                    List.of("ff.net", "proj"),
                    true,
                    Weight.Constant.ONE)));
    assertValue("1", not, Architecture.SD1, OUT04);
    assertValue("0", not, Architecture.SD1, OUT04_FF);
    Weight everywhere =
        new Overridden(
            Weight.Constant.ZERO,
            List.of(new Entry(List.of(), List.of("attn2"), false, Weight.Constant.ONE)));
    assertValue("1", everywhere, Architecture.SD1, OUT04);
    assertValue("0", everywhere, Architecture.SD1, TEXT);
    assertEquals(
        Set.of("ff.net", "proj", "attn2"), Weight.plus(List.of(not, everywhere)).elements());
  }

  @Test
  void blocksThatAreNotThereMatchNothing() {
    Weight weight =
        new Selected(
            List.of(
                new Entry(
                    blocks(Block.out(9), Block.out(11)), List.of(), false, Weight.Constant.ONE),
                new Entry(
                    blocks(Block.out(5), Block.out(3)), List.of(), false, Weight.Constant.ONE)),
            Weight.Constant.ZERO);
    for (Block block : Architecture.SDXL.blocks()) {
      assertEquals(BigDecimal.ZERO, weight.at(site(Architecture.SDXL, block)));
    }
  }

  @Test
  void numbersFoldAndStayExact() {
    Weight weight =
        Weight.minus(
            Weight.minus(Weight.Constant.ONE, Weight.of("0.7")),
            Weight.times(List.of(Weight.of("0.6"), Weight.of("0.5"))));
    assertTrue(weight instanceof Weight.Constant);
    assertEquals(0, weight.at(site(Architecture.SD1, Block.BASE)).signum());
    assertEquals(Weight.Constant.ZERO, Weight.plus(List.of()));
    assertEquals(Weight.Constant.ONE, Weight.times(List.of()));
    Weight grad = new Preset("GRAD_V");
    assertEquals(grad, Weight.plus(List.of(Weight.Constant.ZERO, grad)));
    assertEquals(grad, Weight.times(List.of(Weight.Constant.ONE, grad)));
    assertFalse(Weight.times(List.of(Weight.Constant.ZERO, grad)).isConstant());
    assertTrue(new Selected(List.of(), Weight.Constant.ONE).isConstant());
    assertTrue(new Weight.Plus(List.of(Weight.Constant.ONE, Weight.Constant.ONE)).isConstant());
  }

  @Test
  void onlyLongNumbersAreRounded() {
    String digits60 = "0." + "3".repeat(60);
    Weight third = Weight.quotient(Weight.Constant.ONE, Weight.of("3"));
    assertValue(digits60, third, Architecture.SD1, VAE);
    String digits50 = "1" + "0".repeat(48) + "1";
    assertValue(
        digits50 + ".5",
        new Weight.Plus(List.of(Weight.of(digits50), Weight.of("0.5"))),
        Architecture.SD1,
        VAE);
  }

  @Test
  void hugeExponentsCostNothing() {
    Weight huge = Weight.plus(List.of(Weight.of("1e999999999"), Weight.of("1e-999999999")));
    BigDecimal value = huge.at(site(Architecture.SD1, Block.BASE));
    assertTrue(value.precision() <= 60);
    assertEquals(0, value.compareTo(new BigDecimal("1e999999999")));
  }

  @Test
  void divisionByZeroWaitsAndThrows() {
    Weight weight = Weight.quotient(Weight.Constant.ONE, Weight.Constant.ZERO);
    assertTrue(weight.isConstant());
    assertThrows(ArithmeticException.class, () -> weight.at(site(Architecture.SD1, Block.BASE)));
  }

  private static Weight countingList(int length) {
    return new PerBlock(
        IntStream.range(0, length).mapToObj(i -> Weight.of(String.valueOf(i))).toList());
  }

  private static Entry entry(Weight weight, SubName name) {
    return new Entry(List.of(new Selector.Named(name)), List.of(), false, weight);
  }

  private static List<Selector> blocks(Block first, Block last) {
    return List.of(new Selector.Blocks(first, last));
  }

  private static Site site(Architecture architecture, Block block) {
    return new Site(architecture, new Place(block, Part.OTHER, true), "x");
  }

  private static void assertValue(
      String expected, Weight weight, Architecture architecture, String key) {
    Site site = new Site(architecture, BlockMap.standard().place(architecture, key), key);
    BigDecimal actual = weight.at(site);
    assertEquals(0, new BigDecimal(expected).compareTo(actual), () -> actual + " at " + key);
  }
}
