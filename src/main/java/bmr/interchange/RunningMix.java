package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads steps that go on with the result of the one above: {@code 0.05 NAI + SD1.5}, then {@code
 * 0.05 mix + f222}. The number says how much of the second model.
 */
final class RunningMix {
  private static final Pattern STEP =
      Pattern.compile(
          "[>*\u2022\\s-]*(0?\\.\\d{1,8}) +([^+=()@*|]{1,60}?) ?\\+ ?([^+=()@*|]{1,60})");
  private static final Pattern START =
      Pattern.compile(
          "(?i)[>*\u2022\\s-]*(?:start(?:ed|ing)?(?: (?:with|from))?|base)\\s*[:"
              + " ]\\s*(\\S[^+=@|]{0,80})");
  private static final Pattern MORE =
      Pattern.compile(
          "[>*\u2022\\s]*\\+\\s*(0?\\.\\d{1,8}|\\d{1,2}%)\\s+(?:of )?(\\S[^+=@|]{0,80})");
  private static final int MOST_STEPS = 1000;

  private RunningMix() {}

  /** Whether at least two such steps stand here, the second of which uses the running result. */
  static boolean begins(List<Line> lines, int at) {
    return isStart(lines, at)
        || at + 1 < lines.size()
            && step(lines.get(at)).matches()
            && step(lines.get(at + 1)).matches()
            && !running(lines, at).isEmpty();
  }

  /** Adds the steps to the draft; the index of the first line behind them. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    if (isStart(lines, at)) {
      return readStarted(lines, at, draft);
    }
    String running = running(lines, at);
    int next = at;
    for (; next < lines.size() && next - at < MOST_STEPS; next++) {
      Matcher step = step(lines.get(next));
      if (!step.matches()) {
        break;
      }
      String a = draft.names().use(Cell.nameOf(step.group(2)));
      String b = draft.names().use(Cell.nameOf(step.group(3)));
      draft.blank();
      draft.define(
          draft.names().define(running, List.of(a, b)),
          new Merge.WeightSum(a, b, new Ratio.Number(new BigDecimal(step.group(1)))));
    }
    return next;
  }

  /** Whether a model stands here and at least one share of another below. */
  private static boolean isStart(List<Line> lines, int at) {
    return at + 1 < lines.size()
        && match(START, lines.get(at)).matches()
        && match(MORE, lines.get(at + 1)).matches();
  }

  private static Matcher match(Pattern pattern, Line line) {
    String text = CleanText.plain(line.text()).strip();
    return pattern.matcher(text.length() > 200 ? "" : text);
  }

  private static int readStarted(List<Line> lines, int at, ScriptDraft draft) {
    Matcher start = match(START, lines.get(at));
    if (!start.matches()) {
      return at;
    }
    String mix = draft.names().use(Cell.nameOf(start.group(1)));
    draft.comment("each line is a weight sum of the mix above it and one more model");
    int next = at + 1;
    for (; next < lines.size() && next - at < MOST_STEPS; next++) {
      Matcher more = match(MORE, lines.get(next));
      if (!more.matches()) {
        break;
      }
      String model = draft.names().use(Cell.nameOf(more.group(2)));
      String result = draft.freshName("mix" + (next - at));
      draft.define(
          result,
          new Merge.WeightSum(mix, model, new Ratio.Number(NotationReader.number(more.group(1)))));
      mix = result;
    }
    return next;
  }

  /** The name that the second and all later steps use and the first one does not. */
  private static String running(List<Line> lines, int at) {
    Matcher first = step(lines.get(at));
    Matcher second = step(lines.get(at + 1));
    if (!first.matches() || !second.matches()) {
      return "";
    }
    List<String> names = new ArrayList<>(List.of(second.group(2).strip(), second.group(3).strip()));
    names.removeAll(List.of(first.group(2).strip(), first.group(3).strip()));
    for (int next = at + 2; next < lines.size() && next - at < MOST_STEPS; next++) {
      Matcher step = step(lines.get(next));
      if (names.isEmpty() || !step.matches()) {
        break;
      }
      names.retainAll(List.of(step.group(2).strip(), step.group(3).strip()));
    }
    return names.size() == 1
            || names.size() == 2 && names.getFirst().matches("(?i)mix|temp|result|it|this")
        ? names.getFirst()
        : "";
  }

  private static Matcher step(Line line) {
    String text = line.stripped();
    return STEP.matcher(text.length() > 200 ? "" : text);
  }
}
