package bmr.interchange;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects the hashes that a text gives for models: {@code NAME [0a1b2c3d4e]} anywhere, and lines
 * of their own, {@code NAME: sha256 ...}, {@code NAME (Model hash: ...)}, or the hash below the
 * name.
 */
final class PublishedHashes {
  private static final int LONGEST = 1000;
  private static final String DIGITS = "[0-9a-fA-F]{64}|[0-9a-fA-F]{10}|[0-9a-fA-F]{8}";
  private static final Pattern IN_BRACKETS =
      Pattern.compile("([^\\s+*×=(|:,][^+*×=(|]{0,100}?)\\s*\\[(" + DIGITS + ")\\]");
  private static final Pattern OWN_LINE =
      Pattern.compile(
          "([^\\s:|(\\[][^:|(\\[]{0,100}?)\\s*[:|(\\[,–-]{0,2}\\s*(?:(?i:model"
              + " )?(?i:hash|sha-?256|autov[12])\\s*[:=]?\\s*)?(?<![\\w])("
              + DIGITS
              + ")\\s*[)\\]|]{0,2}");
  private static final Pattern ALONE =
      Pattern.compile("(?:(?i:(?:model )?hash|sha-?256)\\s*[:=]?\\s*)?(" + DIGITS + ")");
  private static final Pattern OPERATOR = Pattern.compile("^.*(?:\\s[xX]\\s|-\\s)\\s*(?=\\S)");

  private PublishedHashes() {}

  /** Gives the draft each hash with the name of its model. */
  static void collect(List<Line> lines, ScriptDraft draft) {
    String above = "";
    for (Line line : lines) {
      if (line.text().length() > LONGEST) {
        above = "";
        continue;
      }
      String text = CleanText.of(line).getFirst().text();
      Matcher brackets = IN_BRACKETS.matcher(text);
      boolean any = false;
      while (brackets.find()) {
        String name = OPERATOR.matcher(brackets.group(1)).replaceFirst("");
        any |= put(name, brackets.group(2), draft);
      }
      Matcher alone = ALONE.matcher(text);
      Matcher own = OWN_LINE.matcher(text);
      if (alone.matches()) {
        any |= !above.isEmpty() && put(above, alone.group(1), draft);
      } else if (!any && own.matches()) {
        put(own.group(1), own.group(2), draft);
      }
      above = text.length() < 120 ? text : "";
    }
  }

  private static boolean put(String name, String hash, ScriptDraft draft) {
    String digits = hash.toLowerCase(Locale.ROOT);
    boolean mixed =
        digits.length() == 64 || digits.matches(".*[a-f].*") && digits.matches(".*[0-9].*");
    if (mixed) {
      draft.hash(NotationReader.name(Cell.nameOf(name)), digits);
    }
    return mixed;
  }
}
