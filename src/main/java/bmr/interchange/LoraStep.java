package bmr.interchange;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises steps that merge a LoRA into a model, which bmr does not do yet. */
final class LoraStep {
  private static final int LONGEST = 500;
  private static final Pattern LORA =
      Pattern.compile("(?i)<(?:lora|lyco):|\\b(?:lora|loar|lycoris|locon)\\b");
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])-?[0-9]?\\.?[0-9]+(?![\\w.])");
  private static final Pattern VERB =
      Pattern.compile("(?i)\\b(?:merge|bake|add|blend|mix|inject|fuse)(?:d|s|ed)?\\b|\\+");
  private static final Pattern RESULT_BEHIND =
      Pattern.compile("(?:=>|->|→|⇒|=)\\s*([^=+<>→⇒]{1,80})$");
  private static final Pattern RESULT_IN_FRONT = Pattern.compile("^([^=+<>(]{1,80}?)\\s*=\\s");

  private LoraStep() {}

  /** Whether such a step stands in this line. */
  static boolean begins(List<Line> lines, int at) {
    String text = lines.get(at).text();
    return text.length() < LONGEST
        && LORA.matcher(text).find()
        && VERB.matcher(text).find()
        && NUMBER.matcher(text).find();
  }

  /** Asks what takes the step's place; the index of the line behind it. */
  static int read(List<Line> lines, int at, ScriptDraft draft) {
    Line line = lines.get(at);
    String text =
        CleanText.of(new Line(line.text().replace('<', '('), line.span())).getFirst().text();
    Matcher front = RESULT_IN_FRONT.matcher(text);
    Matcher behind = RESULT_BEHIND.matcher(text);
    String result = front.find() ? front.group(1) : behind.find() ? behind.group(1) : "";
    result = NotationReader.name(result);
    if (result.isEmpty()) {
      draft.question(
          line.span(),
          "a LoRA was merged here, which bmr does not do yet: steps below need the merged model",
          List.of());
      return at + 1;
    }
    draft.question(
        line.span(),
        "`"
            + result
            + "` has a LoRA merged into it, which bmr does not do yet: what uses it needs the"
            + " merged file",
        List.of());
    return at + 1;
  }
}
