package bmr.interchange;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what web UIs write below a picture: prompts, and a line {@code Steps: 20, ..., Model hash:
 * 0a1b2c3d4e, Model: NAME, ...}. A merge is in it where the model's name tells one.
 */
final class InfoText {
  private static final int MOST_LINES = 60;
  private static final int LONGEST = 20_000;
  private static final Pattern SETTINGS = Pattern.compile("\\s*Steps: \\d{1,5}, .*\\bModel: .*");
  private static final Pattern MODEL =
      Pattern.compile(
          "(?<![A-Za-z] )(?<=[ ,])Model: (.{1,400}?)(?:, [A-Z][A-Za-z0-9 ]{1,40}: .*)?$");
  private static final Pattern HASH = Pattern.compile("\\bModel hash: ([0-9a-fA-F]{8,64})\\b");
  private static final Pattern NUMBER_BEHIND = Pattern.compile("\\s+ID\\s+-?\\d{1,9}$");

  private InfoText() {}

  /** Whether the prompts of such a text, or its settings, begin here. */
  static boolean begins(List<Line> lines, int at) {
    boolean first = at == 0 || lines.get(at - 1).stripped().isEmpty();
    return (first || isSettings(lines.get(at))) && settings(lines, at) >= 0;
  }

  private static boolean isSettings(Line line) {
    return line.text().length() < LONGEST && SETTINGS.matcher(line.text()).matches();
  }

  /** The line of settings that ends the paragraph which begins here, or -1. */
  private static int settings(List<Line> lines, int at) {
    for (int next = at; next < Math.min(lines.size(), at + MOST_LINES); next++) {
      if (isSettings(lines.get(next))) {
        return next;
      }
      if (lines.get(next).stripped().isEmpty()) {
        return -1;
      }
    }
    return -1;
  }

  /** Adds the merge in the model's name to the draft; the index of the first line behind. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Line line = lines.get(settings(lines, at));
    int end = lines.indexOf(line) + 1;
    Matcher model = MODEL.matcher(line.text());
    if (!model.find()) {
      return end;
    }
    String name = NUMBER_BEHIND.matcher(model.group(1).strip()).replaceFirst("");
    Optional<String> hash =
        HASH.matcher(line.text()).results().findFirst().map(found -> found.group(1));
    var said = new Line(name, line.span());
    var trial = new ScriptDraft();
    boolean told =
        WebUiName.begins(List.of(said), 0)
            || name.indexOf('+') >= 0 && DocumentReader.read(List.of(said), trial) > 0;
    if (!told) {
      draft.notUnderstood(line, "the model's name tells no merge");
      return end;
    }
    draft.comment(
        "a picture was made with this merge"
            + hash.map(digits -> ", whose file has the hash " + digits).orElse(""));
    if (name.matches("[0-9.]+\\(.*")) {
      draft.comment(WebUiName.remark());
    }
    DocumentReader.read(List.of(said), draft);
    return end;
  }
}
