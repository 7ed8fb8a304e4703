package bmr.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.model.Weight.Entry;
import bmr.model.Weight.Selector;
import bmr.model.Weight.Site;
import bmr.model.Weight.SubName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Random weights against an evaluation that asks labels and key prefixes instead of blocks. */
class WeightPropertyTest {
  private static final List<String> FRAGMENTS = List.of("attn", "weight", "bias", ".0.", "ff.net");

  private static final List<String> REST =
      List.of(
          "first_stage_model.encoder.conv_in.weight",
          "model.diffusion_model.time_embed.0.weight",
          "model.diffusion_model.out.2.bias",
          "betas");

  private static final Map<String, String> SUB_NAME_PREFIXES =
      Map.of(
          "CLIPL", "conditioner.embedders.0.",
          "CLIPG", "conditioner.embedders.1.",
          "VAE", "first_stage_model.",
          "TIME", "model.diffusion_model.time_embed.",
          "LABEL", "model.diffusion_model.label_emb.",
          "HEAD", "model.diffusion_model.out.");

  @Test
  void agreesWithAPlainEvaluation() {
    long seed = 20230616;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 600; round++) {
      Architecture architecture = random.nextBoolean() ? Architecture.SD1 : Architecture.SDXL;
      Weight weight = weight(random, architecture, 4);
      for (String key : keys(architecture, random)) {
        Site site = new Site(architecture, BlockMap.standard().place(architecture, key), key);
        BigDecimal expected = plain(weight, architecture, key, label(architecture, key));
        BigDecimal actual = weight.at(site);
        assertEquals(0, expected.compareTo(actual), () -> weight + " at " + key);
        assertTrue(!weight.isConstant() || sameEverywhere(weight, architecture, random, actual));
      }
    }
  }

  @Test
  void foldingChangesNoValue() {
    long seed = 7;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      List<Weight> weights =
          Stream.generate(() -> weight(random, Architecture.SD1, 2))
              .limit(random.nextInt(4))
              .toList();
      for (String key : keys(Architecture.SD1, random)) {
        Site site =
            new Site(Architecture.SD1, BlockMap.standard().place(Architecture.SD1, key), key);
        assertEquals(0, new Weight.Plus(weights).at(site).compareTo(Weight.plus(weights).at(site)));
        assertEquals(
            0, new Weight.Times(weights).at(site).compareTo(Weight.times(weights).at(site)));
      }
    }
  }

  private static boolean sameEverywhere(
      Weight weight, Architecture architecture, Random random, BigDecimal value) {
    return keys(architecture, random).stream()
        .map(key -> new Site(architecture, BlockMap.standard().place(architecture, key), key))
        .allMatch(site -> weight.at(site).compareTo(value) == 0);
  }

  private static Weight weight(Random random, Architecture architecture, int depth) {
    Supplier<Weight> inner = () -> weight(random, architecture, depth - 1);
    return switch (random.nextInt(depth == 0 ? 2 : 6)) {
      case 0 -> Weight.of(random.nextInt(-20, 20) + "e-2");
      case 1 -> {
        int length = architecture.equals(Architecture.SDXL) && random.nextBoolean() ? 20 : 26;
        yield new Weight.PerBlock(
            Stream.generate(() -> Weight.of(random.nextInt(100) + "e-2")).limit(length).toList());
      }
      case 2 -> new Weight.Plus(List.of(inner.get(), inner.get(), inner.get()));
      case 3 -> new Weight.Times(List.of(inner.get(), inner.get()));
      case 4 -> new Weight.Selected(entries(random, inner), inner.get());
      default -> new Weight.Overridden(inner.get(), entries(random, inner));
    };
  }

  private static List<Entry> entries(Random random, Supplier<Weight> inner) {
    var entries = new ArrayList<Entry>();
    for (int count = random.nextInt(4); count > 0; count--) {
      List<Selector> selectors =
          Stream.generate(() -> selector(random)).limit(random.nextInt(3)).toList();
      List<String> elements =
          Stream.generate(() -> FRAGMENTS.get(random.nextInt(FRAGMENTS.size())))
              .limit(random.nextInt(3))
              .toList();
      entries.add(new Entry(selectors, elements, random.nextBoolean(), inner.get()));
    }
    return entries;
  }

  private static Selector selector(Random random) {
    if (random.nextBoolean()) {
      SubName[] names = SubName.values();
      return new Selector.Named(names[random.nextInt(names.length)]);
    }
    List<Block> blocks = Architecture.SD1.blocks();
    int first = random.nextInt(blocks.size());
    return new Selector.Blocks(blocks.get(first), blocks.get(random.nextInt(first, blocks.size())));
  }

  private static List<String> keys(Architecture architecture, Random random) {
    var keys = new ArrayList<>(REST);
    int depth = architecture.equals(Architecture.SDXL) ? 9 : 12;
    String unet = "model.diffusion_model.";
    keys.add(unet + "input_blocks." + random.nextInt(depth) + ".1.attn1.weight");
    keys.add(unet + "output_blocks." + random.nextInt(depth) + ".0.ff.net.bias");
    keys.add(unet + "middle_block.0.weight");
    if (architecture.equals(Architecture.SDXL)) {
      keys.add(unet + "label_emb.0.0.bias");
      keys.add("conditioner.embedders.0.transformer.attn.bias");
      keys.add("conditioner.embedders.1.model.attn.weight");
    } else {
      keys.add("cond_stage_model.transformer.attn.weight");
    }
    return keys;
  }

  private static String label(Architecture architecture, String key) {
    String[] segments = key.split("\\.");
    if (!segments[0].equals("model")) {
      return "BASE";
    }
    return switch (segments[2]) {
      case "input_blocks" -> "IN%02d".formatted(Integer.parseInt(segments[3]));
      case "output_blocks" -> "OUT%02d".formatted(Integer.parseInt(segments[3]));
      case "middle_block" -> "M00";
      case "out" -> architecture.equals(Architecture.SDXL) ? "OUT08" : "OUT11";
      default -> "IN00";
    };
  }

  private static BigDecimal plain(
      Weight weight, Architecture architecture, String key, String label) {
    return switch (weight) {
      case Weight.Unknown unknown -> throw new AssertionError(unknown);
      case Weight.Constant constant -> constant.value();
      case Weight.PerBlock list -> {
        var byLabel = new LinkedHashMap<String, Weight>();
        List<String> labels = labels(list.values().size());
        IntStream.range(0, labels.size())
            .forEach(i -> byLabel.put(labels.get(i), list.values().get(i)));
        yield plain(byLabel.get(label), architecture, key, label);
      }
      case Weight.Plus plus ->
          plus.summands().stream()
              .map(part -> plain(part, architecture, key, label))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      case Weight.Times times ->
          times.factors().stream()
              .map(part -> plain(part, architecture, key, label))
              .reduce(BigDecimal.ONE, BigDecimal::multiply);
      case Weight.Selected map ->
          plain(winner(map.entries(), map.otherwise(), key, label), architecture, key, label);
      case Weight.Overridden over ->
          plain(winner(over.entries(), over.base(), key, label), architecture, key, label);
      case Weight.Preset _, Weight.Quotient _ -> throw new AssertionError();
    };
  }

  private static List<String> labels(int length) {
    int depth = length == 26 ? 12 : 9;
    var labels = new ArrayList<String>(List.of("BASE"));
    IntStream.range(0, depth).forEach(i -> labels.add("IN%02d".formatted(i)));
    labels.add("M00");
    IntStream.range(0, depth).forEach(i -> labels.add("OUT%02d".formatted(i)));
    return labels;
  }

  /** Three passes, the most special selectors first, each from the back. */
  private static Weight winner(List<Entry> entries, Weight otherwise, String key, String label) {
    for (List<String> names :
        List.of(
            List.of("CLIPL", "CLIPG"),
            List.of("CLIP", "VAE", "TIME", "LABEL", "HEAD"),
            List.of("IN", "MID", "OUT", "UNET", "ALL", "blocks"))) {
      for (Entry entry : entries.reversed()) {
        boolean contained = entry.elements().stream().anyMatch(key::contains);
        boolean byKey = entry.elements().isEmpty() || contained != entry.negated();
        boolean byName =
            entry.selectors().isEmpty()
                ? names.contains("blocks")
                : entry.selectors().stream().anyMatch(s -> matches(s, names, key, label));
        if (byKey && byName) {
          return entry.weight();
        }
      }
    }
    return otherwise;
  }

  private static boolean matches(Selector selector, List<String> names, String key, String label) {
    return switch (selector) {
      case Selector.Blocks range -> {
        List<String> all = labels(26);
        int at = all.indexOf(label);
        yield names.contains("blocks")
            && all.indexOf(range.first().label()) <= at
            && at <= all.indexOf(range.last().label());
      }
      case Selector.Named named -> {
        String name = named.name().toString();
        yield names.contains(name)
            && switch (name) {
              case "ALL" -> true;
              case "UNET" -> !label.equals("BASE");
              case "IN", "OUT" -> label.startsWith(name);
              case "MID" -> label.equals("M00");
              case "CLIP" -> key.startsWith("cond");
              default -> key.startsWith(SUB_NAME_PREFIXES.get(name));
            };
      }
    };
  }
}
