package bmr.interchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads steps that fill in a web UI's fields line by line: {@code A: one}, {@code Model B: two},
 * {@code Weighted Sum @ 0.05 to make NAME}, {@code base_alpha=0}, {@code Weight_values=0,0.1,...}.
 */
final class SlotReader {
  private static final int LONGEST_LINE = 4000;
  private static final int MOST_LINES = 40;
  private static final String LIST = "-?[0-9.]+(?:\\s*,\\s*-?[0-9.]+){9,60},?";
  private static final Pattern MARKS =
      Pattern.compile("^(?:(?!->|=>)[>\\s\\u3000*\u2022-])*(?=[^\\s>])");
  private static final Pattern PART =
      Pattern.compile(",\\s*(?=(?:[Mm]odel\\s*)?[ABCM]\\s*[:=]|[Mm]ultiplier\\s*[:=])");
  private static final Pattern MODEL =
      Pattern.compile(
          "(?:(?i:model|checkpoint|ckpt|モデル)\\s*[:_-]?\\s*\\(?([ABCabc])\\)?|([ABC])"
              + "|(?i:(primary|secondary|tertiary)(?: (?:model|checkpoint))?(?: \\([abc]\\))?))"
              + "\\s*[:=]\\s*(\\S.*)");
  private static final Pattern LABEL_ALONE =
      Pattern.compile(
          "(?i)(?:(?:model|checkpoint|ckpt) ?[ABC]|(?:primary|secondary|tertiary)(?: model)?"
              + "|(?:output|final|result|custom)(?: ?(?:model|name))?)\\s*:");
  private static final Pattern FORMULA =
      Pattern.compile("\\s[+*\u00d7-]\\s|\\s[xX]\\s*[0-9.(]|\\)\\s*[xX*]");
  private static final Pattern BARE_HASH = Pattern.compile("\\s+([0-9a-f]{10}|[0-9a-f]{12})$");
  private static final Pattern UI_FORMULA = Pattern.compile("^:\\s*\\(?A\\s*[*+]\\S*\\s*");
  private static final Pattern METHOD =
      Pattern.compile(
          "(?i)(?:(?:interpolation|merge|merging) ?(?:method|mode|type)?\\s*[:=]\\s*|super"
              + " ?merger:?\\s+"
              + "|(?:method|mode|type)\\s*[:=]\\s*|[^\\x00-\\x7f]{1,12}\\s*[(:]\\s*)?((?:weight(?:ed)?|mixed)["
              + " -]?sum|sum merge|add[ -]?diff(?:erence)?|triple sum|sum"
              + " twice)\\b(?:\\s*merge)?\\s*(?:-\\s*(?:don't )?use mbw)?(.*)");
  private static final Pattern SHARE =
      Pattern.compile("(?i)\\s*(?:@|:|=|m\\s*=|at)\\s*(-?[0-9]*\\.?[0-9]+%?)(?![0-9*,])(.*)");
  private static final Pattern INSIDE = Pattern.compile("\\s*\\((.*?)\\)\\s*(.*)");
  private static final Pattern MAKE =
      Pattern.compile("(?i)(?:\\bto make|->|=>|\u2192|\u21d2)\\s*(\\S.{0,120})$");
  private static final Pattern BASE =
      Pattern.compile("(?i)base[_ ]?(?:alpha|weight)(?:\\s*[:=]\\s*|\\s+)(-?[0-9.]+)\\s*");
  private static final Pattern BETA_LIST =
      Pattern.compile("(?i)beta\\s*[:=]?\\s*\\(?(" + LIST + ")\\)?");
  private static final Pattern ALPHA_LIST =
      Pattern.compile(
          "(?i)(?:(?:block[ _]?)?weights?(?:[_ ]values?)?|mbw|alpha)?\\s*[:=]?\\s*\\(?("
              + LIST
              + ")\\)?");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?i)(?:m|multiplier(?:"
              + " ?\\(m\\))?|alpha|ratio|比率)(?:\\s*[:=]\\s*|\\s+)(-?[0-9]*\\.?[0-9]+%?)");
  private static final Pattern CALCULATION =
      Pattern.compile("(?i)calc(?:ulation)?[ _-]?mode\\s*[:=]\\s*(\\S.{0,60})");
  private static final Pattern EXTRA =
      Pattern.compile("(?i)((?:super ?merge )?(?:elemental(?: merge)?|adjust)\\s*[:=].{1,200})");
  private static final Pattern CALCULATION_BEHIND =
      Pattern.compile(
          "(?i)\\s*[,(]?\\s*(cosine ?[AB]|train difference|smooth"
              + " ?add|tensor2?|self)\\)?(?=[\\s,]|$)(.*)");
  private static final Pattern PRESET_BEHIND =
      Pattern.compile(
          "(?i)[,;]?\\s*(?:with )?(?:use )?mbw(?: preset)?\\s*[:=]\\s*(?-i)([A-Z_0-9*/-]+)");
  private static final Pattern BETA = Pattern.compile("(?i)beta\\s*[:=]\\s*(-?[0-9]*\\.?[0-9]+%?)");
  private static final Pattern RESULT =
      Pattern.compile(
          "(?i)(?:(?:output|final|result|merged?|new|save|custom)?\\s*(?:model|name)|output|result|出力|結果)"
              + "\\s*[:=]\\s*(\\S.{0,120})");
  private static final Pattern NAMED = Pattern.compile("(\\S.{0,120}?)\\s*=");
  private static final Pattern FILE =
      Pattern.compile("(?i)\\S[^:=]{0,120}\\.(?:safetensors|ckpt)(?:\\s*\\[[0-9a-f]+\\])?");
  private static final Pattern BETWEEN =
      Pattern.compile(
          "(?i)(?:step)?\\s*\\d{0,3}\\s*[.:)]?|mbw\\s*:?|https?://\\S+|\u25bc.*|[-=_]{3,}");
  private static final Pattern FILE_NAME_SUM =
      Pattern.compile(
          "([0-9]*\\.?[0-9]+)\\(([^()]{1,120})\\) \\+ ([0-9]*\\.?[0-9]+)\\(([^()]{1,120})\\)");

  private final Map<TableColumn, String> fields = new EnumMap<>(TableColumn.class);

  private SlotReader() {}

  /** Whether such a step begins at this line. */
  static boolean begins(List<Line> lines, int at) {
    var reader = new SlotReader();
    String text = text(lines, at);
    if (!reader.takes(text) && !NAMED.matcher(text).matches()) {
      return false;
    }
    for (int next = at; next < Math.min(lines.size(), at + 10); next++) {
      String line = text(lines, next);
      if (next > at && !reader.takes(line) && !BETWEEN.matcher(line).matches()) {
        return false;
      }
      if (reader.fields.containsKey(TableColumn.A) && reader.fields.containsKey(TableColumn.B)) {
        return true;
      }
    }
    return false;
  }

  /** Adds one step to the draft; the index of the first line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    var reader = new SlotReader();
    String first = text(lines, at);
    int next = at;
    Matcher named = NAMED.matcher(first);
    if (named.matches()) {
      reader.fields.put(TableColumn.RESULT, named.group(1));
      next++;
    }
    int last = at;
    for (; next < Math.min(lines.size(), at + MOST_LINES); next++) {
      String line = text(lines, next);
      if (line.isEmpty()) {
        continue;
      }
      if (reader.isNextStep(line)) {
        break;
      }
      if (reader.takes(line)) {
        last = next;
      } else if (!BETWEEN.matcher(line).matches()) {
        break;
      }
    }
    if (LABEL_ALONE.matcher(text(lines.get(last))).matches()) {
      // its value stands below
      do {
        last++;
      } while (last < lines.size() - 1 && text(lines.get(last)).isEmpty());
      last = Math.min(last, lines.size() - 1);
    }
    reader.write(lines.subList(at, last + 1), draft);
    return last + 1;
  }

  /** Whether a line belongs to a step behind this one. */
  private boolean isNextStep(String line) {
    boolean hasModels = fields.containsKey(TableColumn.A) && fields.containsKey(TableColumn.B);
    if (!hasModels) {
      return false;
    }
    var other = new SlotReader();
    if (NAMED.matcher(line).matches()) {
      return true;
    }
    if (!other.takes(line)) {
      return false;
    }
    return other.fields.containsKey(TableColumn.A)
        || other.fields.containsKey(TableColumn.METHOD)
            && (fields.containsKey(TableColumn.METHOD)
                || other.fields.containsKey(TableColumn.RESULT));
  }

  /** A line; where it is a label alone, with what stands on the next one. */
  private static String text(List<Line> lines, int at) {
    String text = text(lines.get(at));
    int above = at - 1;
    while (above > at - 3 && above >= 0 && lines.get(above).stripped().isEmpty()) {
      above--;
    }
    boolean continued =
        above >= 0
            && !text.isEmpty()
            && LABEL_ALONE.matcher(text(lines.get(above))).matches()
            && !LABEL_ALONE.matcher(text).matches();
    if (continued) {
      return "";
    }
    if (LABEL_ALONE.matcher(text).matches()) {
      for (int next = at + 1; next < Math.min(lines.size(), at + 3); next++) {
        String below = text(lines.get(next));
        if (!below.isEmpty()) {
          return LABEL_ALONE.matcher(below).matches() ? text : text + " " + below;
        }
      }
    }
    return text;
  }

  private static String text(Line line) {
    if (line.text().length() > LONGEST_LINE || line.text().matches("[>\\s\u3000]*")) {
      return "";
    }
    Cell cell = Cell.of(CleanText.plain(line.text()));
    String text = MARKS.matcher(cell.text().replace('\u3000', ' ')).replaceFirst("").strip();
    return text + cell.hash().map(hash -> " [" + hash + "]").orElse("");
  }

  /** Takes what a line fills in; whether it fills in anything. */
  private boolean takes(String line) {
    if (line.isEmpty()) {
      return false;
    }
    Matcher method = METHOD.matcher(line);
    if (method.matches()) {
      return method(method.group(1), method.group(2));
    }
    Matcher calculation = CALCULATION.matcher(line);
    if (calculation.matches()) {
      return put(TableColumn.CALCULATION, calculation.group(1));
    }
    Matcher extra = EXTRA.matcher(line);
    if (extra.matches()) {
      return put(TableColumn.EXTRA, extra.group(1));
    }
    Matcher base = BASE.matcher(line);
    if (base.matches()) {
      return put(TableColumn.BASE, base.group(1));
    }
    Matcher beta = BETA_LIST.matcher(line);
    if (beta.matches()) {
      return put(TableColumn.BETA, beta.group(1));
    }
    Matcher list = ALPHA_LIST.matcher(line);
    if (list.matches()) {
      boolean second =
          fields.containsKey(TableColumn.BETA) && fields.containsKey(TableColumn.WEIGHTS);
      return put(second ? TableColumn.BETA : TableColumn.WEIGHTS, list.group(1));
    }
    Matcher betaNumber = BETA.matcher(line);
    if (betaNumber.matches()) {
      fields.putIfAbsent(TableColumn.BETA, betaNumber.group(1));
      return true;
    }
    boolean any = false;
    for (String part : PART.split(line, -1)) {
      any |= takesPart(part.strip());
    }
    return any;
  }

  private boolean takesPart(String part) {
    Matcher model = MODEL.matcher(part);
    if (model.matches()) {
      @Nullable String letter = model.group(1) != null ? model.group(1) : model.group(2);
      String slot =
          letter != null
              ? letter.toUpperCase(Locale.ROOT)
              : switch (model.group(3).toLowerCase(Locale.ROOT)) {
                case "primary" -> "A";
                case "secondary" -> "B";
                default -> "C";
              };
      String name = BARE_HASH.matcher(model.group(4).strip()).replaceFirst(" [$1]");
      boolean formula =
          FORMULA.matcher(name).find() && !FILE_NAME_SUM.matcher(Cell.nameOf(name)).matches();
      return name.length() < 200 && !formula && put(TableColumn.valueOf(slot), name);
    }
    Matcher number = NUMBER.matcher(part);
    if (number.matches()) {
      fields.putIfAbsent(TableColumn.SHARE, number.group(1));
      return true;
    }
    Matcher result = RESULT.matcher(part);
    if (result.matches()) {
      return put(TableColumn.RESULT, result.group(1));
    }
    Matcher make = MAKE.matcher(part);
    if (make.lookingAt()) {
      return put(TableColumn.RESULT, make.group(1));
    }
    return fields.containsKey(TableColumn.B)
        && FILE.matcher(part).matches()
        && put(TableColumn.RESULT, part);
  }

  private boolean put(TableColumn column, String text) {
    fields.put(column, text.strip());
    return true;
  }

  /** A method's name and what stands behind it: a share, fields in brackets, the result. */
  private boolean method(String name, String behind) {
    String rest = UI_FORMULA.matcher(behind).replaceFirst("");
    Matcher make = MAKE.matcher(rest);
    if (make.find()) {
      put(TableColumn.RESULT, make.group(1));
      rest = rest.substring(0, make.start());
    }
    Matcher calculation = CALCULATION_BEHIND.matcher(rest);
    if (calculation.matches()) {
      put(TableColumn.CALCULATION, calculation.group(1));
      rest = calculation.group(2).strip();
    }
    Matcher preset = PRESET_BEHIND.matcher(rest);
    if (preset.matches()) {
      put(TableColumn.WEIGHTS, preset.group(1));
      rest = "";
    }
    Matcher inside = INSIDE.matcher(rest);
    if (inside.matches() && inside.group(1).contains("=")) {
      for (String part : inside.group(1).split(",", -1)) {
        if (!takesPart(part.strip())) {
          return false;
        }
      }
      rest = inside.group(2);
    }
    Matcher share = SHARE.matcher(rest);
    String remark = rest.strip();
    String text = name.toLowerCase(Locale.ROOT).replaceAll("mixed sum|sum merge", "weighted sum");
    if (share.matches()) {
      remark = share.group(2).strip();
      text += " @ " + share.group(1);
    } else if (remark.matches("(?i)[:.)]?|(?:with )?(?:use )?mbw.*")) {
      Matcher list = Pattern.compile(LIST).matcher(remark);
      if (list.find()) {
        put(TableColumn.WEIGHTS, list.group());
      }
      remark = "";
    } else if (!fields.containsKey(TableColumn.A)) {
      return false; // prose that begins with the words
    }
    // emphasis is no doubt, a question about the number is
    boolean doubt = remark.matches("(?is).*(?:\\?|\\b(?:might|maybe|think|about|or)\\b).*");
    if (doubt && !text.contains("@") && fields.containsKey(TableColumn.SHARE)) {
      text += " @ " + fields.get(TableColumn.SHARE);
    }
    put(TableColumn.METHOD, text + (doubt ? " " + remark : ""));
    return true;
  }

  private void write(List<Line> lines, ScriptDraft draft) {
    Map<TableColumn, Integer> columns = new EnumMap<>(TableColumn.class);
    List<Cell> cells = new ArrayList<>();
    fields.forEach((column, text) -> {
      columns.put(column, cells.size());
      cells.add(Cell.of(text));
      if (column == TableColumn.A || column == TableColumn.B || column == TableColumn.C) {
        expand(cells.getLast().name(), draft);
      }
    });
    Line line =
        new Line(lines.getFirst().text(), lines.getFirst().span().to(lines.getLast().span()));
    new TableStep(columns, cells, line, draft).add();
  }

  /** A web UI's file name is a step of its own; its weights are rounded to one or two digits. */
  private static void expand(String name, ScriptDraft draft) {
    Matcher sum = FILE_NAME_SUM.matcher(name);
    if (!sum.matches() || draft.defines(name)) {
      return;
    }
    String a = draft.names().use(Cell.nameOf(sum.group(2)));
    String b = draft.names().use(Cell.nameOf(sum.group(4)));
    draft.blank();
    draft.comment("a web UI named this file; it rounds the weights in names");
    draft.define(
        draft.names().define(name, List.of(a, b)),
        new Merge.Linear(
            List.of(
                new Merge.Term(a, new java.math.BigDecimal(sum.group(1))),
                new Merge.Term(b, new java.math.BigDecimal(sum.group(3))))));
  }
}
