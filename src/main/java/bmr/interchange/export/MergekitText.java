package bmr.interchange.export;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A configuration for {@code mergekit-pytorch}: one weighted sum of files. Of a weight's filters
 * the first one that is in a tensor's name wins, and an entry without a filter is the rest.
 */
final class MergekitText {
  private static final String UNET = "model.diffusion_model.";

  private MergekitText() {}

  /**
   * The file's text.
   *
   * @param files what the operands' files are called
   * @param dtype as mergekit spells it, for the result
   */
  static String of(
      SequencedMap<Operand, Shares> terms,
      List<Cell> cells,
      Map<Operand, String> files,
      String dtype) {
    var text = new StringBuilder("merge_method: linear\nmodels:\n");
    boolean first = true;
    for (Map.Entry<Operand, Shares> term : terms.entrySet()) {
      String file = files.getOrDefault(term.getKey(), term.getKey().name());
      text.append("  - model: ").append(quoted(file)).append('\n');
      text.append("    parameters:\n      weight:\n");
      entry(text, "position_ids", first ? BigDecimal.ONE : BigDecimal.ZERO);
      List<BigDecimal> values = term.getValue().values();
      BigDecimal rest = values.getFirst();
      BigDecimal unet = mostOften(values, cells);
      for (int i = 0; i < cells.size(); i++) {
        BigDecimal otherwise = inUnet(cells.get(i)) ? unet : rest;
        if (values.get(i).compareTo(otherwise) != 0) {
          entry(text, cells.get(i).filter(), values.get(i));
        }
      }
      if (unet.compareTo(rest) != 0) {
        entry(text, UNET, unet);
      }
      text.append("        - value: ").append(Shares.text(rest)).append('\n');
      first = false;
    }
    text.append("parameters:\n  normalize: false\ndtype: float32\nout_dtype: ");
    return text.append(dtype).append('\n').toString();
  }

  private static boolean inUnet(Cell cell) {
    return cell.filter().startsWith(UNET);
  }

  /** What most of the U-Net's cells have, the first of them where several are as many. */
  private static BigDecimal mostOften(List<BigDecimal> values, List<Cell> cells) {
    Map<BigDecimal, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      if (inUnet(cells.get(i))) {
        counts.merge(values.get(i), 1, Integer::sum);
      }
    }
    BigDecimal most = values.getFirst();
    int count = 0;
    for (Map.Entry<BigDecimal, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > count) {
        most = entry.getKey();
        count = entry.getValue();
      }
    }
    return most;
  }

  private static void entry(StringBuilder text, String filter, BigDecimal value) {
    text.append("        - filter: ").append(filter).append('\n');
    text.append("          value: ").append(Shares.text(value)).append('\n');
  }

  /** A double-quoted YAML string. */
  private static String quoted(String name) {
    var text = new StringBuilder("\"");
    name.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            text.append('\\').appendCodePoint(c);
          } else if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
            text.append(String.format(java.util.Locale.ROOT, "\\x%02x", c));
          } else {
            text.appendCodePoint(c);
          }
        });
    return text.append('"').toString();
  }
}
