package bmr.interchange;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that the web UI gives to the files it merges. Until the end of 2022: {@code
 * A_0.8-B_0.2-Weighted_sum-merged}; from then on {@code 0.8(A) + 0.2(B)} and {@code A + 0.5(B -
 * C)}. Without an interpolation the name is the model's own. The weights in them are rounded to two
 * digits.
 */
final class WebUiName {
  private static final String NUMBER = "-?[0-9]{0,3}\\.?[0-9]{1,8}";
  private static final Pattern ENDING =
      Pattern.compile("(?i)((?:\\.(?:inpainting|instruct-pix2pix|fp16))*)\\.(?:ckpt|safetensors)$");
  private static final Pattern OLD =
      Pattern.compile(
          "([^\\s/\\\\][^/\\\\]{0,120}?)_("
              + NUMBER
              + ")-([^\\s/\\\\][^/\\\\]{0,120}?)_("
              + NUMBER
              + ")-(Weighted_sum|Add_difference|Sigmoid|Inverse_sigmoid)-merged");
  private static final Pattern SUM =
      Pattern.compile(NUMBER + "\\(.{1,300}\\) \\+ " + NUMBER + "\\(.{1,200}\\)");
  private static final Pattern DIFFERENCE =
      Pattern.compile("[^+]{1,120} \\+ " + NUMBER + "\\([^()]{1,120} - [^()]{1,120}\\)");
  private static final String ROUNDED =
      "a web UI gave the file this name; it rounds the weights in names to two digits";

  private WebUiName() {}

  /** A name of the newer kind with its extension, as the formula it is. */
  static Optional<String> formula(String name) {
    Matcher ending = ENDING.matcher(name);
    if (name.length() > 600 || !ending.find()) {
      return Optional.empty();
    }
    String formula = name.substring(0, ending.start()).strip();
    return SUM.matcher(formula).matches() || DIFFERENCE.matcher(formula).matches()
        ? Optional.of(formula)
        : Optional.empty();
  }

  /** What has to be said beside the definition. */
  static String remark() {
    return ROUNDED;
  }

  private static Matcher old(Line line) {
    String text = CleanText.of(line).getFirst().text();
    text = ENDING.matcher(text.length() > 600 ? "" : text).replaceFirst("");
    return OLD.matcher(text);
  }

  /** Whether a name of the older kind stands in the line, alone. */
  static boolean begins(List<Line> lines, int at) {
    return old(lines.get(at)).matches();
  }

  /** Adds its step to the draft; the index of the line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Matcher name = old(lines.get(at));
    if (!name.matches()) {
      return at;
    }
    String a = draft.names().use(name.group(1));
    String b = draft.names().use(name.group(3));
    var share = new BigDecimal(name.group(4));
    String result = draft.names().define(name.group(), List.of(a, b));
    var sum = new Merge.WeightSum(a, b, new Ratio.Number(share));
    draft.comment(ROUNDED);
    switch (name.group(5)) {
      case "Weighted_sum" -> {
        boolean whole = share.add(new BigDecimal(name.group(2))).compareTo(BigDecimal.ONE) == 0;
        if (whole) {
          draft.define(result, sum);
        } else {
          ask(draft, lines.get(at), result, "the weights in the name do not add up to 1", sum);
        }
      }
      case "Add_difference" ->
          ask(
              draft,
              lines.get(at),
              result,
              "names of this kind do not say which model was subtracted: put it in the place of"
                  + " `C`",
              new Merge.AddDifference(a, b, "C", new Ratio.Number(share)));
      default -> {
        // the web UI's curve: m * m * (3 - 2 * m)
        BigDecimal bent =
            share.multiply(share).multiply(new BigDecimal("3").subtract(share.add(share)));
        boolean forth = name.group(5).equals("Sigmoid");
        ask(
            draft,
            lines.get(at),
            result,
            "the web UI bent the weight "
                + share.toPlainString()
                + (forth
                    ? " by a curve, m * m * (3 - 2 * m)"
                    : " by the inverse of m * m * (3 - 2 * m)"),
            forth ? new Merge.WeightSum(a, b, new Ratio.Number(bent)) : sum);
      }
    }
    return at + 1;
  }

  private static void ask(
      ScriptDraft draft, Line line, String result, String about, Merge reading) {
    draft.reserve(result);
    draft.question(
        line.span(), about, List.of(String.join("\n", ScriptDraft.definition(result, reading))));
  }
}
