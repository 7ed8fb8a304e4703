package bmr.graph;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Formulas as people read them, in the notation that scripts take: {@code 0.855·OpenBra +
 * 0.18·sxd_10Pruned − 0.4739·"v 1.5"}. Terms by coefficient, largest first.
 */
public final class FormulaText {
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  private FormulaText() {}

  /** The text of a form. */
  public static String of(LinearForm form, List<String> sourceNames) {
    if (form.terms().isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    List<LinearForm.Term> terms =
        form.terms().stream()
            .sorted(Comparator.comparing(LinearForm.Term::coefficient).reversed())
            .toList();
    for (LinearForm.Term term : terms) {
      boolean negative = term.coefficient().signum() < 0;
      if (text.isEmpty()) {
        text.append(negative ? "−" : "");
      } else {
        text.append(negative ? " − " : " + ");
      }
      BigDecimal size = term.coefficient().abs();
      if (size.compareTo(BigDecimal.ONE) != 0) {
        text.append(number(size)).append('·');
      }
      text.append(operand(term.operand(), sourceNames));
    }
    return text.toString();
  }

  /** The text of any formula. */
  public static String of(TensorFormula formula, List<String> sourceNames) {
    return switch (formula) {
      case TensorFormula.Blend(LinearForm form) -> of(form, sourceNames);
      case TensorFormula.Verbatim(int source) -> name(sourceNames.get(source));
      case TensorFormula.PositionIds() -> "0..76";
      case TensorFormula.Channels(LinearForm common, int channels, LinearForm rest) ->
          of(common, sourceNames)
              + " in the first "
              + channels
              + " channels, "
              + of(rest, sourceNames)
              + " in the others";
    };
  }

  private static String operand(Operand operand, List<String> sourceNames) {
    return switch (operand) {
      case Operand.Source(int index) -> name(sourceNames.get(index));
      case Operand.Rounded(var dtype, LinearForm value) ->
          dtype.tag().toLowerCase(java.util.Locale.ROOT) + "(" + of(value, sourceNames) + ")";
      case Operand.Application application ->
          application.method().name()
              + "("
              + java.util.stream.Stream.concat(
                      application.operands().stream().map(form -> of(form, sourceNames)),
                      application.parameters().stream().map(FormulaText::number))
                  .collect(Collectors.joining(", "))
              + ")";
    };
  }

  /** A name as scripts take it: in quotes where it would not be one word. */
  public static String name(String name) {
    boolean word =
        name.matches("[\\p{L}\\p{M}\\p{N}_]+((\\.|-+)[\\p{L}\\p{M}\\p{N}_]+)*")
            && !name.matches("[0-9.]+([eE][0-9]+)?");
    boolean call = name.startsWith("lora(\"") || name.startsWith("ema(\"");
    return word || call ? name : '"' + name + '"';
  }

  /** A coefficient with at most six significant digits, never in exponent form. */
  public static String number(BigDecimal value) {
    BigDecimal rounded = value.round(DIGITS);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
