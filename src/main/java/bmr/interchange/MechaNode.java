package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** What a line of an sd-mecha recipe stands for. */
sealed interface MechaNode {
  /** A model or difference with a name of its own. */
  record Model(String name) implements MechaNode {}

  /** {@code a - b}, which gets the name only where something else than a sum uses it. */
  record Difference(String a, String b, String name) implements MechaNode {}

  /** A weight. */
  record Weight(Ratio ratio) implements MechaNode {}

  /** The mask that makes an add difference of {@code b - c} a train difference. */
  record TrainMask(String a, String b, String c, Ratio alpha) implements MechaNode {}

  /** A component of a model, or all of it but the component. */
  record Part(String model, String component, boolean picked) implements MechaNode {
    /** The component as a map of the language names it. */
    Optional<String> selector(boolean xl) {
      return switch (component) {
        case "diffuser", "unet" -> Optional.of("UNET");
        case "vae" -> Optional.of("VAE");
        case "clip_l" -> Optional.of(xl ? "CLIPL" : "CLIP");
        case "clip_g" -> Optional.of("CLIPG");
        default -> Optional.empty();
      };
    }
  }

  /** Text that a method asks for. */
  record Text(String text) implements MechaNode {}

  /** A value that a script has no use for. */
  record Unknown() implements MechaNode {}

  /** The blocks of SD 1.x in list order; those of SDXL are among them. */
  List<String> BLOCKS = blocks(12);

  /** The blocks of SDXL in list order. */
  List<String> BLOCKS_XL = blocks(9);

  /** Blocks as sd-mecha names them. */
  Pattern BLOCK = Pattern.compile("BASE|IN(?:0[0-9]|1[01])|M00|OUT(?:0[0-9]|1[01])|VAE");

  /** What is wrong with a weight's pairs that {@link #dictionary} does not take. */
  static String problem(Map<String, MechaLine.Argument> entries) {
    return entries.keySet().stream().allMatch(BLOCK.asMatchPredicate())
        ? "blocks are missing, which sd-mecha refuses"
        : "these are no blocks that bmr knows";
  }

  /** A weight from {@code key=value} pairs, nothing where a key is no block. */
  static Optional<MechaNode> dictionary(Map<String, MechaLine.Argument> entries) {
    Map<String, BigDecimal> weights = new LinkedHashMap<>();
    for (Map.Entry<String, MechaLine.Argument> entry : entries.entrySet()) {
      Optional<BigDecimal> value =
          entry.getValue().quoted() ? Optional.empty() : Decimals.number(entry.getValue().text());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      String block = entry.getKey().replaceFirst("^(?:MID|M|MI)0?0?$", "M00");
      weights.put(block, value.get());
    }
    if (weights.size() == 1 && weights.containsKey("key")) {
      return number(weights.values().iterator().next());
    }
    for (List<String> blocks : List.of(BLOCKS, BLOCKS_XL)) {
      Set<String> named = new HashSet<>(weights.keySet());
      boolean vae = named.remove("VAE");
      if (named.equals(Set.copyOf(blocks)) && (blocks.equals(BLOCKS_XL) || !vae)) {
        return Optional.of(new Weight(blocks(weights, blocks.equals(BLOCKS_XL))));
      }
    }
    if (weights.keySet().stream().allMatch(BLOCK.asMatchPredicate())) {
      return Optional.empty();
    }
    return parts(weights);
  }

  private static Optional<MechaNode> number(BigDecimal value) {
    return Optional.of(new Weight(new Ratio.Number(value)));
  }

  /** sd-mecha has the time and label embedding in BASE; bmr has them in IN00. */
  private static Ratio blocks(Map<String, BigDecimal> weights, boolean xl) {
    Map<String, BigDecimal> values = new LinkedHashMap<>(weights);
    BigDecimal base = weights.getOrDefault("BASE", BigDecimal.ZERO);
    values.put("TIME", base);
    if (xl) {
      values.put("LABEL", base);
    }
    return KeyCells.ratio(values);
  }

  private static Ratio map(Map<String, BigDecimal> weights) {
    var map = new StringJoiner(", ", "{", "}");
    weights.forEach((block, value) -> map.add(block + ": " + value.toPlainString()));
    return new Ratio.Written(map.toString());
  }

  /** Early recipes have a weight for each class of keys: usable where each part has one value. */
  private static Optional<MechaNode> parts(Map<String, BigDecimal> weights) {
    Map<String, BigDecimal> parts = new LinkedHashMap<>();
    for (Map.Entry<String, BigDecimal> entry : weights.entrySet()) {
      String part =
          entry.getKey().matches("(?:sd1_|sdxl_)?txt_\\w+")
              ? "CLIP"
              : entry.getKey().matches("(?:sd1_|sdxl_)?unet_\\w+") ? "UNET" : "";
      BigDecimal before = parts.putIfAbsent(part, entry.getValue());
      if (part.isEmpty() || before != null && before.compareTo(entry.getValue()) != 0) {
        return Optional.empty();
      }
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(new Weight(map(parts)));
  }

  private static List<String> blocks(int each) {
    List<String> blocks = new ArrayList<>(List.of("BASE"));
    for (int i = 0; i < each; i++) {
      blocks.add(i < 10 ? "IN0" + i : "IN" + i);
    }
    blocks.add("M00");
    for (int i = 0; i < each; i++) {
      blocks.add(i < 10 ? "OUT0" + i : "OUT" + i);
    }
    return List.copyOf(blocks);
  }
}
