package bmr.interchange;

import bmr.source.Span;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads posts: definitions, their weights on the lines below, and prose around them. */
final class DocumentReader {
  private static final Pattern SIMILARITY =
      Pattern.compile("(?i)(?:cosine |a)similarity.*?(\\d{1,3}(?:\\.\\d{1,8})?%)");
  private static final Pattern RESULT_BELOW = Pattern.compile("=\\s*(\\S.{0,80})$");
  private static final Pattern RESULT_ALONE =
      Pattern.compile("(?:->|=>|→|⇒|=)\\s*([^\\s=+*×|,][^=+*×|,]{0,100})");
  private static final Pattern OPEN_END = Pattern.compile(".*\\S\\s*[+×*]$");
  private static final int LONGEST_LINE = 20_000;
  private static final int MOST_JOINED = 20;

  /** What a post consists of, in its order. */
  private sealed interface Item {
    record Definition(PostStep step) implements Item {}

    record Other(Passage passage) implements Item {}

    record Prose(CleanText line) implements Item {}
  }

  private final ScriptDraft draft;
  private final List<Item> items = new ArrayList<>();
  private final List<PostStep> steps = new ArrayList<>();
  private final Set<String> results = new HashSet<>();
  private final Set<CleanText> attached = new HashSet<>();
  private final Set<CleanText> consumed = new HashSet<>();
  private final List<Line> lines;

  private DocumentReader(List<Line> lines, ScriptDraft draft) {
    this.lines = lines;
    this.draft = draft;
  }

  /** Reads all lines into a draft; returns the number of definitions and questions. */
  static int read(List<Line> lines, ScriptDraft draft) {
    PublishedHashes.collect(lines, draft);
    for (Line line : lines) {
      Optional<LocalDate> date =
          line.text().length() > LONGEST_LINE ? Optional.empty() : BlockMapDates.in(line.text());
      date.ifPresent(draft::date);
    }
    var reader = new DocumentReader(lines, draft);
    reader.collect();
    return reader.write();
  }

  private void collect() {
    for (int i = 0; i < lines.size(); i++) {
      Optional<Passage> passage = Passage.at(lines, i);
      if (passage.isPresent()) {
        items.add(new Item.Other(passage.get()));
        i = passage.get().end() - 1;
        continue;
      }
      List<CleanText> pieces = CleanText.of(lines.get(i));
      CleanText last = pieces.getLast();
      while (last.text().length() < LONGEST_LINE
          && OPEN_END.matcher(last.text()).matches()
          && i + 1 < lines.size()
          && i < MOST_JOINED + lines.size()
          && !CleanText.of(lines.get(i + 1)).getFirst().text().isEmpty()) {
        i++;
        last = joined(last, CleanText.of(lines.get(i)).getFirst());
      }
      for (int piece = 0; piece < pieces.size(); piece++) {
        CleanText line = piece == pieces.size() - 1 ? last : pieces.get(piece);
        items.add(line.text().length() > LONGEST_LINE ? new Item.Prose(line) : understood(line));
      }
    }
  }

  private static CleanText joined(CleanText first, CleanText second) {
    Span span = first.line().span().to(second.line().span());
    return new CleanText(
        new Line(first.line().text() + " " + second.line().stripped(), span),
        first.indent(),
        first.bulleted(),
        first.text() + " " + second.text());
  }

  private Item understood(CleanText line) {
    Optional<PostStep> last = lastStep();
    Matcher alone = RESULT_ALONE.matcher(line.text());
    if (alone.matches() && last.isPresent() && last.get().result == null) {
      name(last.get(), alone.group(1));
      consumed.add(line);
      return new Item.Prose(line);
    }
    var parts = new PostLine(line.text());
    Optional<PostStep> step = PostFormula.read(line, parts, results);
    if (step.isPresent()) {
      PostStep said = step.get();
      said.weights.putAll(parts.weights);
      said.base = parts.base;
      said.method = parts.method;
      said.at = said.at == null ? parts.share : said.at;
      if (said.result != null) {
        results.add(said.result);
      }
      steps.add(said);
      return new Item.Definition(said);
    }
    last.ifPresent(above -> attach(parts, line, above));
    return new Item.Prose(line);
  }

  /** Takes the weights of a line below a step. */
  private void attach(PostLine parts, CleanText line, PostStep above) {
    boolean weights = !parts.weights.isEmpty() && above.weights.isEmpty();
    boolean base = parts.base != null && above.base == null;
    if (!weights && !base) {
      return;
    }
    (parts.rest.isEmpty() ? consumed : attached).add(line);
    if (weights) {
      above.weights.putAll(parts.weights);
    }
    if (base) {
      above.base = parts.base;
    }
    Matcher result = RESULT_BELOW.matcher(line.text());
    if (above.result == null && result.find() && parts.hasList && !result.group(1).contains(",")) {
      name(above, result.group(1));
    }
  }

  private void name(PostStep step, String published) {
    String name = NotationReader.name(published);
    step.result = name;
    results.add(name);
  }

  private Optional<PostStep> lastStep() {
    for (int i = items.size() - 1; i >= Math.max(0, items.size() - 8); i--) {
      if (items.get(i) instanceof Item.Definition(PostStep step)) {
        return Optional.of(step);
      }
    }
    return Optional.empty();
  }

  private int write() {
    int first = -1;
    int last = -1;
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Item.Prose)) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      return Leftovers.ask(lines, draft);
    }
    var writer = new PostStepWriter(draft, steps, results);
    int written = 0;
    for (int i = 0; i < items.size(); i++) {
      switch (items.get(i)) {
        case Item.Definition(PostStep step) -> {
          draft.blank();
          written += writer.write(step) ? 1 : 0;
        }
        case Item.Other(Passage passage) -> {
          draft.blank();
          int before = draft.said();
          passage.read(lines, draft);
          written += draft.said() - before;
        }
        case Item.Prose(CleanText line) -> {
          if (line.text().isEmpty() || consumed.contains(line)) {
            break;
          }
          if (!attached.contains(line)) {
            prose(line, i < first || i > last);
          } else if (!PostLine.isList(line.text())) {
            draft.comment(line.text());
          }
        }
      }
    }
    return written;
  }

  /**
   * Keeps a line as a comment.
   *
   * @param outside whether it stands before the first step or behind the last: only what seems to
   *     belong to the recipe is kept then
   */
  private void prose(CleanText line, boolean outside) {
    Matcher similarity = SIMILARITY.matcher(line.text());
    Optional<String> setting = Leftovers.setting(line.text());
    if (PostLine.isList(line.text())) {
      if (Leftovers.isList(line.line())) {
        Leftovers.askWhose(line.line(), draft);
      }
    } else if (setting.isPresent()) {
      draft.notUnderstood(line.line(), setting.get());
    } else if (Leftovers.isStep(line.text())) {
      draft.notUnderstood(line.line(), "this seems to be a step, but it is not understood");
    } else if (outside) {
      return;
    } else if (similarity.find()) {
      String group =
          line.text().contains("input_blocks")
              ? "IN "
              : line.text().contains("output_blocks") ? "OUT " : "";
      draft.comment("asimilarity " + group + similarity.group(1));
    } else {
      draft.comment(line.text());
    }
  }
}
