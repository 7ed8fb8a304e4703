package bmr.report;

import bmr.graph.FormulaText;
import bmr.graph.Meaning.Definition;
import bmr.graph.Meaning.Terms;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a definition means, as formulas per blocks. */
public final class MeaningText {
  private MeaningText() {}

  /** One paragraph for each formula, in the order of the blocks. */
  public static List<String> formulas(Definition definition, int width) {
    Map<String, List<String>> byText = new LinkedHashMap<>();
    definition
        .blocks()
        .forEach((label, terms) ->
            byText.computeIfAbsent(text(terms), _ -> new ArrayList<>()).add(label));
    var lines = new ArrayList<String>();
    byText.forEach((text, labels) -> {
      String where = byText.size() == 1 ? "all blocks" : ranges(labels);
      lines.addAll(Wrap.lines(where + ": " + text, width, "    "));
    });
    definition
        .elements()
        .forEach(element ->
            lines.addAll(
                Wrap.lines(
                    element.place()
                        + " ("
                        + String.join(" ", element.having())
                        + "): "
                        + text(element.terms()),
                    width,
                    "    ")));
    return lines;
  }

  /** {@code OpenBra + 0.08·Evt − 0.08·v15}, the largest first. */
  public static String text(Terms terms) {
    var text = new StringBuilder();
    terms.coefficients().entrySet().stream()
        .sorted(Map.Entry.<String, BigDecimal>comparingByValue(Comparator.reverseOrder()))
        .forEach(term -> {
          boolean negative = term.getValue().signum() < 0;
          text.append(text.isEmpty() ? (negative ? "−" : "") : negative ? " − " : " + ");
          BigDecimal size = term.getValue().abs();
          if (size.compareTo(BigDecimal.ONE) != 0) {
            text.append(FormulaText.number(size)).append('·');
          }
          text.append(FormulaText.name(term.getKey()));
        });
    return text.isEmpty() ? "0" : text.toString();
  }

  /** Neighbours with rising numbers joined: {@code IN00-IN05}. */
  private static String ranges(List<String> labels) {
    var parts = new ArrayList<String>();
    int start = 0;
    while (start < labels.size()) {
      int end = start;
      while (end + 1 < labels.size() && follows(labels.get(end), labels.get(end + 1))) {
        end++;
      }
      if (end - start >= 2) {
        parts.add(labels.get(start) + "-" + labels.get(end));
      } else {
        parts.addAll(labels.subList(start, end + 1));
      }
      start = end + 1;
    }
    return String.join(", ", parts);
  }

  private static boolean follows(String label, String next) {
    var block = bmr.model.Block.parse(label);
    var other = bmr.model.Block.parse(next);
    return block.isPresent()
        && other.isPresent()
        && block.get().group() == other.get().group()
        && other.get().number() == block.get().number() + 1;
  }
}
