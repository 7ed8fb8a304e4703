package bmr.interchange;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what is left of a line of a post when its weights are taken out: a formula and a name. */
final class PostFormula {
  private static final Pattern ARROW = Pattern.compile("->|=>|→|⇒| -- |=");
  private static final Pattern AT = Pattern.compile("\\s*@\\s*(" + PostLine.NUMBER + ")\\s*$");
  private static final Pattern LABEL = Pattern.compile("^([^:+*×()]{1,60}):\\s+(?=\\S)");
  private static final Pattern NEXT =
      Pattern.compile(
          "(?i)^(?:(?:and )?(?:then|finally|next|first|second|third|lastly|after"
              + " that)\\b[,:]?\\s+)+");
  private static final Pattern VERB =
      Pattern.compile(
          "(?i)^(?:i"
              + " )?(?:merge|mix|blend|combine)d?\\s+(\\S[^+]{0,80}?)\\s+(?:and|with)\\s+(\\S[^+]{0,80})$");
  private static final Pattern ONE_WORD = Pattern.compile("\"[^\"]+\"|[^\\s\"]+");
  private static final Pattern LABELS =
      Pattern.compile("(?i)recipe|formula|merge|mix|result|model|step|final|note|example|レシピ");
  private static final int LONGEST_RESULT = 120;

  private PostFormula() {}

  /** The step that a line says; nothing where it says none. */
  static Optional<PostStep> read(CleanText line, PostLine parts, Set<String> results) {
    String text = NEXT.matcher(parts.rest).replaceFirst("");
    Optional<String> fileName = WebUiName.formula(text);
    if (fileName.isPresent()) {
      Optional<PostStep> step = step(line, fileName.get(), NotationReader.name(text), results);
      step.ifPresent(said -> said.rounded = true);
      return step;
    }
    @Nullable String result = null;
    String formula = text;
    Matcher arrow = ARROW.matcher(text);
    int depth = 0;
    int from = 0;
    while (arrow.find()) {
      for (; from < arrow.start(); from++) {
        depth += text.charAt(from) == '(' ? 1 : text.charAt(from) == ')' ? -1 : 0;
      }
      if (depth <= 0) {
        String left = text.substring(0, arrow.start()).strip();
        String right = text.substring(arrow.end()).strip();
        boolean rightIsFormula = arrow.group().equals("=") && isFormula(right) && !isFormula(left);
        formula = rightIsFormula ? right : left;
        result = rightIsFormula ? left : right;
        break;
      }
    }
    if (result == null) {
      Matcher label = LABEL.matcher(formula);
      if (label.find()) {
        String words = label.group(1).strip();
        boolean name =
            ONE_WORD.matcher(words).matches()
                && !LABELS.matcher(words).matches()
                && !CalculationMode.isNamed(words);
        result = name ? words : null;
        formula = formula.substring(label.end());
      }
    }
    if (result != null) {
      int alias = result.indexOf('(');
      result = NotationReader.name(alias > 0 ? result.substring(0, alias) : result);
      if (result.isEmpty() || result.length() > LONGEST_RESULT || result.split(" ").length > 6) {
        return Optional.empty();
      }
    }
    if (parts.method != null) {
      formula = VERB.matcher(formula.strip()).replaceFirst("$1 + $2");
    }
    return step(line, formula.strip(), result, results);
  }

  private static boolean isFormula(String text) {
    return text.matches(".*[+*×(].*| .*x .*") || SharesInWords.formula(text).isPresent();
  }

  private static Optional<PostStep> step(
      CleanText line, String published, @Nullable String result, Set<String> results) {
    String formula = published;
    BigDecimal share = null;
    Matcher at = AT.matcher(formula);
    if (at.find()) {
      share = NotationReader.number(at.group(1));
      formula = formula.substring(0, at.start());
    }
    Optional<Matcher> calculation = CalculationMode.suffix(formula);
    if (calculation.isPresent()) {
      formula = formula.substring(0, calculation.get().start());
    }
    formula = SharesInWords.formula(formula).orElse(formula);
    formula = PublishedSlips.mended(formula, results);
    if (formula.indexOf('+') < 0) {
      return Optional.empty();
    }
    Optional<Notation> plain = NotationReader.read(formula, results, false);
    Optional<Notation> split =
        plain.filter(Notation::isModel).isPresent()
            ? plain
            : NotationReader.read(formula, results, true);
    Notation tree = split.filter(Notation::isModel).or(() -> plain).orElse(null);
    if (tree == null || Notation.isWeight(tree)) {
      return Optional.empty();
    }
    var step = new PostStep(line, tree, result);
    step.at = share;
    step.calculation =
        calculation.map(found -> found.group(1) + found.group(2).replace('_', ' ')).orElse("");
    return Optional.of(step);
  }
}
