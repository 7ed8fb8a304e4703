package bmr.interchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads steps in one line with the method in front and the models behind it: {@code Add
 * Difference @ 1.0 A | B | C -- R}, {@code Weighted sum @ 0.2 A - B -- R}, {@code Model Mixer: A,
 * B @ 0.5}.
 */
final class OneLiner {
  private static final int LONGEST = 600;
  private static final String NUMBER = "-?[0-9]{0,3}\\.?[0-9]{1,8}%?";
  private static final Pattern METHOD_FIRST =
      Pattern.compile(
          "(?i)(?:\\d{1,3}[.):]?\\s+)?((?:weight(?:ed)?|mixed)[ _-]?sum|add["
              + " _-]?diff(?:erence)?|WS|AD)\\s*(?:[@:(,-]|at)?\\s*("
              + NUMBER
              + ")?\\)?\\s*[:,|]?\\s+(\\S.*)");
  private static final Pattern RESULT =
      Pattern.compile("\\s(?:--+|–|—|->|=>|→|⇒|=)\\s+(\\S[^|]{0,120})$");
  private static final Pattern MIXER =
      Pattern.compile("(?i)(?:model mixer\\s*:?\\s*)?([^@+=|]{3,400}?)\\s*@\\s*(" + NUMBER + ")");

  private OneLiner() {}

  /** Whether such a step stands in this line. */
  static boolean begins(List<Line> lines, int at) {
    return !fields(lines.get(at)).isEmpty();
  }

  /** Adds the step to the draft; the index of the line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Map<TableColumn, String> fields = fields(lines.get(at));
    Map<TableColumn, Integer> columns = new EnumMap<>(TableColumn.class);
    List<Cell> cells = new ArrayList<>();
    fields.forEach((column, text) -> {
      columns.put(column, cells.size());
      cells.add(Cell.of(text));
    });
    new TableStep(columns, cells, lines.get(at), draft).add();
    return at + 1;
  }

  private static Map<TableColumn, String> fields(Line line) {
    if (line.text().length() > LONGEST) {
      return Map.of();
    }
    String text = CleanText.of(line).getFirst().text();
    Matcher method = METHOD_FIRST.matcher(text);
    if (method.matches()) {
      String rest = method.group(3);
      Matcher result = RESULT.matcher(rest);
      boolean named = result.find();
      String models = named ? rest.substring(0, result.start()) : rest;
      boolean bars = models.indexOf('|') >= 0;
      String[] names = models.split(bars ? "\\s*\\|\\s*" : "\\s[-–]\\s", -1);
      boolean whole = bars || named && method.group(2) != null && models.indexOf('+') < 0;
      return whole ? fields(names, method, named ? result.group(1) : "") : Map.of();
    }
    Matcher mixer = MIXER.matcher(text);
    if (mixer.matches() && mixer.group(1).indexOf(',') > 0) {
      String[] names = mixer.group(1).split("\\s*,\\s*", -1);
      Map<TableColumn, String> fields = new EnumMap<>(TableColumn.class);
      if (names.length < 2 || names.length > 3 || !areNames(names)) {
        return Map.of();
      }
      put(fields, names);
      if (names.length == 2) {
        fields.put(TableColumn.METHOD, "weighted sum");
      }
      fields.put(TableColumn.SHARE, mixer.group(2));
      return fields;
    }
    return Map.of();
  }

  private static Map<TableColumn, String> fields(String[] names, Matcher method, String result) {
    if (names.length < 2 || names.length > 3 || !areNames(names)) {
      return Map.of();
    }
    Map<TableColumn, String> fields = new EnumMap<>(TableColumn.class);
    put(fields, names);
    fields.put(
        TableColumn.METHOD,
        method.group(1).toLowerCase(Locale.ROOT).replace('_', ' ').replace("mixed", "weighted"));
    if (method.group(2) != null) {
      fields.put(TableColumn.SHARE, method.group(2));
    }
    if (!result.isEmpty()) {
      fields.put(TableColumn.RESULT, result);
    }
    return fields;
  }

  private static void put(Map<TableColumn, String> fields, String[] names) {
    fields.put(TableColumn.A, names[0]);
    fields.put(TableColumn.B, names[1]);
    if (names.length > 2) {
      fields.put(TableColumn.C, names[2]);
    }
  }

  private static boolean areNames(String[] names) {
    for (String name : names) {
      if (name.isBlank() || name.length() > 120 || name.strip().split(" ").length > 5) {
        return false;
      }
    }
    return true;
  }
}
