package bmr.interchange;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spellings of formulas that only people would read: they are put right before reading. */
final class PublishedSlips {
  private static final String NUMBER = "(?:0?\\.\\d{1,10}|1\\.0|\\d{1,2}%)";
  private static final Pattern REMARK =
      Pattern.compile("\\s\\((?:[^()]*\\b(?:only|merge|own)\\b[^()]*)\\)$");
  private static final Pattern TRAILING_WORDS =
      Pattern.compile(
          "(?i)\\s+(?:\\(?(?:use |with )?(?:mbw|block ?merge|merge block weighted)\\)?)$");
  private static final Pattern LEADING_WORD = Pattern.compile("^[\\p{L} ]{1,20}[,:]\\s+(?=\\()");
  private static final Pattern SUFFIX = Pattern.compile("_(" + NUMBER + ")(?=[\\s)]|$)");
  private static final Pattern INSIDE =
      Pattern.compile("\\(([^()]{1,120}? - [^()]{1,120}?) (" + NUMBER + ")\\)");
  private static final int LONGEST = 4000;

  private PublishedSlips() {}

  /**
   * The formula as its author would write it in the language.
   *
   * @param known names of definitions
   */
  static String mended(String formula, Set<String> known) {
    if (formula.length() > LONGEST) {
      return formula;
    }
    String text = REMARK.matcher(formula).replaceAll("");
    text = TRAILING_WORDS.matcher(text).replaceAll("");
    text = LEADING_WORD.matcher(text).replaceFirst("").strip();
    // `A_0.95 + B_0.05`: weights hang on names, if on more than one
    if (SUFFIX.matcher(text).results().count() > 1) {
      text = SUFFIX.matcher(text).replaceAll(" x $1");
    }
    // `(F - v15 0.5)`: the number is the weight of the difference, unless a model is called `v15
    // 0.5`
    Matcher inside = INSIDE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (inside.find()) {
      String last = inside.group(1).substring(inside.group(1).lastIndexOf(" - ") + 3);
      boolean name = known.contains(last + " " + inside.group(2));
      inside.appendReplacement(
          result, Matcher.quoteReplacement(name ? inside.group() : outside(inside)));
    }
    return inside.appendTail(result).toString();
  }

  private static String outside(Matcher inside) {
    return "(" + inside.group(1) + ") x " + inside.group(2);
  }
}
