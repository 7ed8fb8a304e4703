package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Weights that other tools give by pieces of keys, said by blocks and parts. A piece that holds one
 * of the names a key begins with is in all keys of a block or in none.
 */
final class KeyCells {
  private static final Pattern ANCHORED =
      Pattern.compile(
          ".*(?:diffusion_model|input_blocks|middle_block|output_blocks|time_embed|label_emb"
              + "|first_stage_model|cond_stage_model|conditioner\\.embedders).*");
  private static final Pattern XL = Pattern.compile(".*(?:label_emb|conditioner).*");
  private static final String UNET = "model.diffusion_model.";

  private KeyCells() {}

  /** What the keys of each block or part begin with; SD 1.x unless a piece is of SDXL only. */
  private static SequencedMap<String, String> prefixes(boolean xl) {
    SequencedMap<String, String> prefixes = new LinkedHashMap<>();
    prefixes.put("BASE", xl ? "conditioner.embedders.0." : "cond_stage_model.");
    for (String block : (xl ? MechaNode.BLOCKS_XL : MechaNode.BLOCKS)) {
      String number = block.replaceAll("\\D+0?", "");
      if (block.startsWith("IN")) {
        prefixes.put(block, UNET + "input_blocks." + number + ".");
      } else if (block.startsWith("OUT")) {
        prefixes.put(block, UNET + "output_blocks." + number + ".");
      } else if (block.startsWith("M")) {
        prefixes.put(block, UNET + "middle_block.");
      }
    }
    if (xl) {
      prefixes.put("CLIPG", "conditioner.embedders.1.");
    }
    prefixes.put("VAE", "first_stage_model.");
    prefixes.put("TIME", UNET + "time_embed.");
    if (xl) {
      prefixes.put("LABEL", UNET + "label_emb.");
    }
    prefixes.put("HEAD", UNET + "out.");
    return prefixes;
  }

  /** Whether blocks and parts say everything that these pieces say. */
  static boolean covers(Iterable<String> pieces) {
    boolean xl = isXl(pieces);
    for (String piece : pieces) {
      boolean whole =
          piece.isEmpty()
              || (ANCHORED.matcher(piece).matches()
                  && prefixes(xl).values().stream().anyMatch(prefix -> prefix.contains(piece)));
      if (!whole) {
        return false;
      }
    }
    return true;
  }

  static boolean isXl(Iterable<String> pieces) {
    for (String piece : pieces) {
      if (XL.matcher(piece).matches()) {
        return true;
      }
    }
    return false;
  }

  /** For each block and part the value of the first piece that its keys hold. */
  static Map<String, BigDecimal> values(Map<String, BigDecimal> pieces, boolean xl) {
    Map<String, BigDecimal> values = new LinkedHashMap<>();
    prefixes(xl)
        .forEach((label, prefix) ->
            pieces.entrySet().stream()
                .filter(piece -> prefix.contains(piece.getKey()))
                .findFirst()
                .ifPresent(piece -> values.put(label, piece.getValue())));
    return values;
  }

  /** A list with what parts have differently from the block that bmr puts them in. */
  static Ratio ratio(Map<String, BigDecimal> values) {
    boolean xl = values.containsKey("LABEL");
    List<String> blocks = xl ? MechaNode.BLOCKS_XL : MechaNode.BLOCKS;
    List<BigDecimal> list = blocks.stream().map(block -> at(values, block)).toList();
    List<String> parts = new ArrayList<>();
    values.forEach((label, value) -> {
      String around =
          switch (label) {
            case "CLIPG", "VAE" -> "BASE";
            case "TIME", "LABEL" -> "IN00";
            case "HEAD" -> blocks.getLast();
            default -> label;
          };
      if (at(values, around).compareTo(value) != 0) {
        parts.add(label + ": " + value.toPlainString());
      }
    });
    boolean same = list.stream().allMatch(value -> value.compareTo(list.getFirst()) == 0);
    if (parts.isEmpty()) {
      return same ? new Ratio.Number(list.getFirst()) : new Ratio.Blocks(list, Optional.empty());
    }
    String all = String.join(", ", list.stream().map(BigDecimal::toPlainString).toList());
    return new Ratio.Written(
        (same ? list.getFirst().toPlainString() : "(" + all + ")")
            + " with {"
            + String.join(", ", parts)
            + "}");
  }

  private static BigDecimal at(Map<String, BigDecimal> values, String label) {
    return values.getOrDefault(label, BigDecimal.ZERO);
  }
}
