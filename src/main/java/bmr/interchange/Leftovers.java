package bmr.interchange;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts of which no step was understood, but which seem to speak of one. */
final class Leftovers {
  /** Begins where a number begins and never gives back digits: linear in any line. */
  private static final Pattern LIST =
      Pattern.compile("(?<![0-9.])-?[0-9.]++(?:\\s*+,\\s*+-?[0-9.]++){18,60}");

  private static final Pattern STEP =
      Pattern.compile(
          "(?i)^[^\\s=]{1,80} [x\u00d7] [^\\s=0-9.(][^\\s=(]{0,80}(?: ?\\([^()]{0,40}\\))? ?="
              + "|\\([^()]{1,120}\\s-\\s[^()]{1,120}\\)\\s*[*x@]?\\s*[0-9.]"
              + "|\\b(?:weight(?:ed)? sum|add difference)\\b"
              + "|\\bmerge[ds]?\\b.{0,80}\\b(?:with|into|in)\\b");
  private static final Pattern FORMULA =
      Pattern.compile(
          "\\S\\s*[x\u00d7*]\\s*[01]?[.,][0-9]+.*\\+.*\\S\\s*[x\u00d7*]\\s*[01]?[.,][0-9]"
              + "|\\([^()]{1,120}\\s-\\s[^()]{1,120}\\)\\s*[*x\u00d7@]\\s*[0-9.]");
  private static final Pattern VAE =
      Pattern.compile("(?i)\\bbaked?(?:[ -]in)?\\b.{0,20}\\bz?vae|\\bvae\\b.{0,40}\\bbaked?\\b");
  private static final Pattern ADJUST =
      Pattern.compile(
          "(?i)\\badjust(?:ment)?\\s*[:=]?\\s*\\(?-?[0-9.]+(?:\\s*,\\s*-?[0-9.]+){6,7}");
  private static final Pattern ELEMENTAL =
      Pattern.compile("(?i)\\belemental(?: merge)?\\s*[:=]\\s*\\S");
  private static final int LONGEST = 20_000;
  private static final int MOST = 20;

  private Leftovers() {}

  /** Asks about each line that seems to speak of a step; returns their number. */
  static int ask(List<Line> lines, ScriptDraft draft) {
    int asked = 0;
    for (Line line : lines) {
      if (line.text().length() > LONGEST || asked == MOST) {
        continue;
      }
      if (isList(line)) {
        askWhose(line, draft);
        asked++;
      } else if (STEP.matcher(line.text()).find()) {
        draft.question(
            line.span(), "this speaks of a merge, but in words that leave open which", List.of());
        asked++;
      }
    }
    return asked;
  }

  /** Why a line that speaks of a setting beside the formulas stays a comment. */
  static Optional<String> setting(String text) {
    if (text.length() > 300) {
      return Optional.empty();
    }
    return VAE.matcher(text).find()
        ? Optional.of("a VAE is put in when saving: `save NAME vae: \"FILE\"`")
        : ADJUST.matcher(text).find()
            ? Optional.of("this changes the model: `adjust(NAME, ...)` does it")
            : ELEMENTAL.matcher(text).find()
                ? Optional.of(
                    "this changes single tensors: `WEIGHT with {BLOCK:ELEMENT: w}` does it")
                : Optional.empty();
  }

  /** Whether a line looks like a formula with weights. */
  static boolean isStep(String text) {
    return text.length() <= 1000 && FORMULA.matcher(text).find();
  }

  /** Whether a list of block weights stands in the line. */
  static boolean isList(Line line) {
    return line.text().length() <= LONGEST && LIST.matcher(line.text()).find();
  }

  /** Asks whose weights a list holds. */
  static void askWhose(Line line, ScriptDraft draft) {
    draft.question(line.span(), "block weights, but nothing says of which models", List.of());
  }
}
