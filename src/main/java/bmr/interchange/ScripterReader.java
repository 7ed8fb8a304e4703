package bmr.interchange;

import bmr.source.SourceText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads plans of Universal-Model-Merge-Scripter: {@code +Name, link} fetches a model, {@code -Name}
 * deletes one, {@code CM A + B 0.3 R} merges, {@code PR A R} prunes.
 */
final class ScripterReader {
  private static final Pattern STATEMENT =
      Pattern.compile("//.*|[+-][^\\s+-].*|(?:CM|PR|LB) \\S+ \\S.*");
  private static final Pattern MERGE = Pattern.compile("CM \\S+ \\+[STD]? \\S+ .*");
  private static final Pattern TOKEN = Pattern.compile("\"([^\"]*)\"|[^ ]+");
  private static final int MOST_TOKENS = 12;

  private final ScriptDraft draft;

  private ScripterReader(ScriptDraft draft) {
    this.draft = draft;
  }

  /** Whether the text is of this kind: nothing but such statements, a merge among them. */
  static boolean recognises(SourceText text) {
    boolean merges = false;
    for (Line line : Line.of(text)) {
      String content = line.stripped();
      if (!content.isEmpty() && !STATEMENT.matcher(content).matches()) {
        return false;
      }
      merges |= MERGE.matcher(content).matches();
    }
    return merges;
  }

  /** Adds what the text says to the draft. */
  static void read(SourceText text, ScriptDraft draft) {
    draft.heading("from a plan of Universal-Model-Merge-Scripter");
    var reader = new ScripterReader(draft);
    Line.of(text).forEach(reader::line);
  }

  private void line(Line line) {
    String content = line.stripped();
    if (content.startsWith("//")) {
      draft.comment(content.substring(2).strip());
    } else if (content.startsWith("+") && content.indexOf(',') > 0) {
      int comma = content.indexOf(',');
      draft.comment(
          ScriptDraft.spelled(Cell.nameOf(content.substring(1, comma)))
              + " is from "
              + content.substring(comma + 1).strip());
    } else if (content.startsWith("CM ")) {
      merge(line, tokens(content));
    } else if (content.startsWith("PR ")) {
      prune(line, tokens(content));
    } else if (content.startsWith("LB ")) {
      unsupported(line, tokens(content), "a LoRA is baked in");
    } else if (!content.isEmpty() && !content.startsWith("-") && !content.startsWith("+")) {
      draft.notUnderstood(line, "this is no line of a plan");
    }
  }

  private static List<String> tokens(String content) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(content);
    while (matcher.find() && tokens.size() < MOST_TOKENS) {
      tokens.add(matcher.group(1) != null ? matcher.group(1) : matcher.group());
    }
    return tokens;
  }

  private void merge(Line line, List<String> tokens) {
    int size = tokens.size();
    if (size == 6 && tokens.get(2).equals("+")) {
      add(line, "Weight sum", tokens.get(1), tokens.get(3), "", tokens.get(4), "", tokens.get(5));
    } else if (size == 8 && tokens.get(2).equals("+") && tokens.get(4).equals("-")) {
      add(
          line,
          "Add difference",
          tokens.get(1),
          tokens.get(3),
          tokens.get(5),
          tokens.get(6),
          "",
          tokens.get(7));
    } else if (size == 9
        && tokens.get(2).equals("+")
        && (tokens.get(4).equals("+S") || tokens.get(4).equals("+T"))) {
      add(
          line,
          tokens.get(4).equals("+S") ? "sum Twice" : "Triple sum",
          tokens.get(1),
          tokens.get(3),
          tokens.get(5),
          tokens.get(6),
          tokens.get(7),
          tokens.get(8));
    } else if (tokens.contains("+D")) {
      unsupported(line, tokens, "DARE drops entries at random");
    } else {
      draft.notUnderstood(line, "this merge is not known");
    }
  }

  private void add(
      Line line,
      String mode,
      String a,
      String b,
      String c,
      String alpha,
      String beta,
      String result) {
    new WebMerge(mode, a, b, c, ratio(alpha), ratio(beta), "", List.of()).add(result, line, draft);
  }

  private static Optional<Ratio> ratio(String text) {
    return Decimals.number(text)
        .<Ratio>map(Ratio.Number::new)
        .or(() -> WebMerge.blocks(text, Optional.empty()));
  }

  private void prune(Line line, List<String> tokens) {
    if (tokens.size() != 3) {
      draft.notUnderstood(line, "this names no model and result");
      return;
    }
    String model = draft.names().use(Cell.nameOf(tokens.get(1)));
    String name = draft.names().define(Cell.nameOf(tokens.get(2)), List.of(model));
    draft.define(name, new Merge.Linear(List.of(new Merge.Term(model, BigDecimal.ONE))));
  }

  private void unsupported(Line line, List<String> tokens, String reason) {
    String name = draft.names().define(Cell.nameOf(tokens.getLast()), List.of());
    draft.question(
        line.span(),
        "`" + name + "` cannot be written: " + reason + "; bind it to that model",
        List.of());
  }
}
