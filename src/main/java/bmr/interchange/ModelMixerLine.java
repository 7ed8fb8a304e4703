package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Model Mixer prints: a formula with numbered weights and their values behind it, {@code
 * A * (1 - alpha_0) + B * alpha_0 + (C - base) * alpha_1(0.3,...),(0.5)}, perhaps with
 * {@code @1,1,0,...} for its adjustment.
 */
final class ModelMixerLine {
  private static final int LONGEST = 20_000;
  private static final Pattern NUMBERED = Pattern.compile("(?i)(?:alpha|α)_\\d");
  private static final Pattern LIST =
      Pattern.compile("\\(\\s*(-?[0-9.]{1,40}(?:\\s*,\\s*-?[0-9.]{1,40}){0,40})\\s*\\)");
  private static final Pattern ADJUST = Pattern.compile("@\\s*([-0-9., ]{3,80})$");
  private static final Pattern CALL = Pattern.compile("\\b(?:dare|ties)_weights\\(");
  private static final Pattern NAMED = Pattern.compile("^([^=*×(]{1,80}?)\\s*[:=]\\s+(?=\\S)");

  private ModelMixerLine() {}

  private static String text(Line line) {
    return line.text().length() > LONGEST ? "" : CleanText.of(line).getFirst().text();
  }

  /** Whether such a formula stands in this line. */
  static boolean begins(List<Line> lines, int at) {
    return NUMBERED.matcher(text(lines.get(at))).find();
  }

  /** Adds the step to the draft; the index of the line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Line line = lines.get(at);
    add(text(line), line, "", draft);
    return at + 1;
  }

  /** Adds a formula; where no name stands in it, the definition gets the one that is given. */
  static void add(String published, Line line, String given, ScriptDraft draft) {
    String text = published;
    Matcher named = NAMED.matcher(text);
    String result = given;
    if (named.find()) {
      result = NotationReader.name(named.group(1));
      text = text.substring(named.end());
    }
    if (result.isEmpty() || result.matches("(?i)(?:model ?mixer)?\\s*(?:recipe|formula)?")) {
      result = "merged";
    }
    result = draft.freshName(result);
    Matcher adjust = ADJUST.matcher(text);
    Optional<String> adjusted = Optional.empty();
    if (adjust.find()) {
      adjusted = Optional.of(adjust.group(1).strip());
      text = text.substring(0, adjust.start()).strip();
    }
    List<List<BigDecimal>> lists = new ArrayList<>();
    int end = text.length();
    Matcher list = LIST.matcher(text);
    int from = -1;
    while (list.find()) {
      String between = from < 0 ? "" : text.substring(from, list.start());
      boolean weights =
          NUMBERED.matcher(text).region(0, list.start()).results().count() > 0
              && !NUMBERED.matcher(text.substring(list.end())).find();
      if (weights && (between.isBlank() || between.strip().equals(","))) {
        end = lists.isEmpty() ? list.start() : end;
        lists.add(values(list.group(1)));
        from = list.end();
      }
    }
    String formula = text.substring(0, end).strip();
    if (CALL.matcher(formula).find()) {
      ask(draft, line, result, "drops weights by DARE or TIES, which bmr does not have");
      return;
    }
    Optional<Notation> tree =
        NotationReader.read(formula, Set.of(), false).filter(Notation::isModel);
    var clauses = new LinkedHashMap<String, String>();
    boolean blocks = false;
    boolean complete = tree.isPresent();
    for (int i = 0; complete && i < 20; i++) {
      String name = "alpha_" + i;
      if (Notation.uses(tree.get(), name)) {
        complete = i < lists.size();
        if (complete) {
          List<BigDecimal> values = lists.get(i);
          complete = values.size() == 1 || Decimals.isWhole(values.size());
          blocks |= values.size() > 1;
          clauses.put(name, written(values));
        }
      }
    }
    if (!complete) {
      ask(
          draft,
          line,
          result,
          "is not said in full: a formula, and one value or list for each weight");
      return;
    }
    if (blocks) {
      draft.blockMap("model-mixer");
    }
    List<String> models = Notation.models(tree.get());
    String written = Notation.script(tree.get());
    if (adjusted.isPresent()) {
      String plain = draft.freshName(result + "-plain");
      draft.define(plain, new Merge.Written(written, models, clauses));
      draft.define(
          result,
          new Merge.Written(
              "adjust(" + ScriptDraft.spelled(plain) + ", " + adjusted.get() + ")",
              List.of(plain),
              new LinkedHashMap<>()));
      return;
    }
    draft.define(result, new Merge.Written(written, models, clauses));
  }

  private static List<BigDecimal> values(String list) {
    List<BigDecimal> values = new ArrayList<>();
    for (String part : list.split(",", -1)) {
      Decimals.number(part).ifPresent(values::add);
    }
    return values;
  }

  private static String written(List<BigDecimal> values) {
    if (values.size() == 1) {
      return values.getFirst().toPlainString();
    }
    var list = new StringJoiner(", ", "(", ")");
    values.forEach(value -> list.add(value.toPlainString()));
    return list.toString();
  }

  private static void ask(ScriptDraft draft, Line line, String result, String about) {
    draft.reserve(result);
    draft.question(
        line.span(),
        "`" + result + "` " + about + "; bind it to the merged file",
        List.of("model " + ScriptDraft.spelled(result) + " = ?"));
  }
}
