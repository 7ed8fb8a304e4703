package bmr.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.method.Methods;
import bmr.model.Architecture;
import bmr.model.BlockMap;
import bmr.model.ModelNames;
import bmr.model.Weight;
import bmr.model.Weight.Site;
import bmr.recipe.Recipe.Formula;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The text of SuperMerger's "Elemental Merge" box against its rules, carried out on strings. */
class PastedOverridesTest {
  private static final List<String> ORDER = order();
  private static final List<String> ELEMENTS =
      List.of("attn1", "attn2", "attn1.to_k.weight", "ff.net", "to_out.0", "norm");
  private static final List<String> RATIOS = List.of("0.5", "0", "1", "0.25", "-0.3");

  private static List<String> order() {
    List<String> blocks = new ArrayList<>();
    blocks.add("BASE");
    for (String group : List.of("IN", "OUT")) {
      for (int i = 0; i < 12; i++) {
        blocks.add(group + (i < 10 ? "0" : "") + i);
      }
      if (group.equals("IN")) {
        blocks.add("M00");
      }
    }
    return blocks;
  }

  @Test
  void meansWhatTheBoxMeans() {
    long seed = 20230521;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<String[]> entries = new ArrayList<>();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        entries.add(entry(random));
      }
      var box = new StringBuilder();
      for (int i = 0; i < entries.size(); i++) {
        boolean end = i == entries.size() - 1;
        box.append(String.join(":", entries.get(i)))
            .append(end || random.nextBoolean() ? "\n" : random.nextBoolean() ? "," : ",\n");
      }
      String script = "R = A x (1-alpha) + B x alpha\n    alpha = 0.75 with {\n" + box + "}\n";
      Weight weight = weight(script);
      for (int i = 0; i < 20; i++) {
        String key = key(random);
        var site =
            new Site(Architecture.SD1, BlockMap.standard().place(Architecture.SD1, key), key);
        BigDecimal expected = expected(entries, site.place().block().label(), key);
        assertEquals(0, expected.compareTo(weight.at(site)), () -> script + key);
      }
    }
  }

  private static String[] entry(Random random) {
    int first = random.nextInt(ORDER.size());
    int last = random.nextInt(first, ORDER.size());
    String blocks =
        switch (random.nextInt(5)) {
          case 0 -> "";
          case 1 -> ORDER.get(first);
          case 2 -> ORDER.get(first) + " " + ORDER.get(last);
          case 3 -> "NOT " + ORDER.get(first) + "-" + ORDER.get(last);
          default -> ORDER.get(first) + "-" + ORDER.get(last);
        };
    String one = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
    String elements =
        switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> "NOT " + one;
          case 2 -> one + " " + ELEMENTS.get(random.nextInt(ELEMENTS.size()));
          default -> one;
        };
    return new String[] {blocks, elements, RATIOS.get(random.nextInt(RATIOS.size()))};
  }

  private static String key(Random random) {
    String tail =
        List.of(
                ".1.transformer_blocks.0.attn1.to_k.weight",
                ".1.transformer_blocks.0.attn2.to_out.0.bias",
                ".1.transformer_blocks.0.ff.net.2.weight",
                ".1.norm.weight",
                ".0.in_layers.2.weight")
            .get(random.nextInt(5));
    return switch (random.nextInt(4)) {
      case 0 -> "cond_stage_model.transformer.text_model.encoder.layers.3.mlp.fc1.weight";
      case 1 -> "model.diffusion_model.middle_block" + tail;
      case 2 -> "model.diffusion_model.input_blocks." + random.nextInt(12) + tail;
      default -> "model.diffusion_model.output_blocks." + random.nextInt(12) + tail;
    };
  }

  /** Substrings and positions in the list; the last entry that matches wins. */
  private static BigDecimal expected(List<String[]> entries, String block, String key) {
    BigDecimal ratio = new BigDecimal("0.75");
    for (String[] entry : entries) {
      if (matchesBlock(entry[0], block) && matchesElement(entry[1], key)) {
        ratio = new BigDecimal(entry[2]);
      }
    }
    return ratio;
  }

  private static boolean matchesBlock(String blocks, String block) {
    if (blocks.isEmpty()) {
      return true;
    }
    boolean not = blocks.startsWith("NOT ");
    boolean found = false;
    for (String one : (not ? blocks.substring(4) : blocks).split(" ", -1)) {
      String[] ends = one.split("-", -1);
      int at = ORDER.indexOf(block);
      found |= ORDER.indexOf(ends[0]) <= at && at <= ORDER.indexOf(ends[ends.length - 1]);
    }
    return found != not;
  }

  private static boolean matchesElement(String elements, String key) {
    if (elements.isEmpty()) {
      return true;
    }
    boolean not = elements.startsWith("NOT ");
    boolean found = false;
    for (String one : (not ? elements.substring(4) : elements).split(" ", -1)) {
      found |= key.contains(one);
    }
    return found != not;
  }

  private static Weight weight(String script) {
    var parsed = Parser.parse(SourceText.of("box", script));
    assertEquals(List.of(), parsed.diagnostics(), script);
    Bound bound =
        RecipeBinder.bind(
            parsed.script(), new Anything(), Methods.signatures(), Map.of(), Wanted.AS_WRITTEN);
    assertEquals(List.of(), bound.findings(), script);
    var sum = (Formula.Sum) bound.recipe().models().getFirst().formula();
    return sum.terms().getLast().weight();
  }

  /** Every name is a file. */
  private static final class Anything implements ModelNames {
    @Override
    public Lookup find(String name) {
      return name.equals("A") || name.equals("B")
          ? new Lookup.Found(new ModelFile(name, java.nio.file.Path.of(name)), true)
          : new Lookup.Missing(List.of());
    }

    @Override
    public List<String> names() {
      return List.of("A", "B");
    }
  }
}
