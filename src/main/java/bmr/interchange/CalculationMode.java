package bmr.interchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SuperMerger's calculation modes: how a step departs from its formula. */
final class CalculationMode {
  private static final Pattern NORMAL = Pattern.compile("(?i)|normal|none|-");
  private static final Pattern TRAIN = Pattern.compile("train[ _-]?difference");
  private static final String NAMES =
      "cosine ?[AB]|train[ _]?difference|smooth ?add(?: ?MT)?|tensor2?|self|plus random|random"
          + "|extract";
  private static final Pattern NAMED = Pattern.compile("(?i)" + NAMES);
  private static final Pattern SUFFIX =
      Pattern.compile(
          "(?i)(?<=[\\d)])_(" + NAMES + ")((?:_(?:alpha|beta|gamma)_-?[0-9.]{1,20})*)(?=\\s*$)");

  private CalculationMode() {}

  /** Whether it changes nothing. */
  static boolean isNormal(String mode) {
    return NORMAL.matcher(mode.strip()).matches();
  }

  /** Whether these words name one that is not the normal one. */
  static boolean isNamed(String words) {
    return NAMED.matcher(words.strip()).matches();
  }

  /** Where the suffix stands that SuperMerger glues to a formula: {@code ..._cosineA}. */
  static Optional<Matcher> suffix(String formula) {
    Matcher suffix = SUFFIX.matcher(formula);
    return suffix.find() ? Optional.of(suffix) : Optional.empty();
  }

  /** The step as bmr computes it; nothing where it has no such method. */
  static Optional<Merge> applied(String mode, Merge merge) {
    if (isNormal(mode)) {
      return Optional.of(merge);
    }
    if (!TRAIN.matcher(mode.strip().toLowerCase(Locale.ROOT)).matches()
        || !(merge instanceof Merge.AddDifference(String a, String b, String c, Ratio strength))) {
      return Optional.empty();
    }
    var clauses = new LinkedHashMap<String, String>();
    String weight = ScriptDraft.weight("alpha", strength, clauses);
    List<String> models = List.of(a, b, c);
    List<String> names = models.stream().map(ScriptDraft::spelled).toList();
    return Optional.of(
        new Merge.Written(
            "trainDifference(" + String.join(", ", names) + ", " + weight + ")", models, clauses));
  }

  /** Asks about a step whose calculation mode bmr does not have. */
  static void ask(ScriptDraft draft, Line line, String result, String mode, Merge normal) {
    draft.reserve(result);
    draft.question(
        line.span(),
        "`"
            + result
            + "` was calculated in the mode `"
            + mode.strip()
            + (TRAIN.matcher(mode.strip().toLowerCase(Locale.ROOT)).matches()
                ? "`, which takes three models: bind"
                : "`, which bmr does not have: bind")
            + " it to the merged file, or take the plain formula",
        List.of(
            "model " + ScriptDraft.spelled(result) + " = ?",
            String.join("\n", ScriptDraft.definition(result, normal))));
  }
}
