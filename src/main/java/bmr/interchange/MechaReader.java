package bmr.interchange;

import bmr.source.SourceText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads sd-mecha recipes (.mecha): version 0.1.0 and the form before it, which has no version line,
 * {@code call} for {@code merge} and parameters. A node is a line that is not a comment; {@code &N}
 * is the node of line N, and the last node is the result.
 */
final class MechaReader {
  private static final int MOST_NODES = 20_000;
  private static final Pattern VERSION = Pattern.compile("version\\s+[0-9][0-9.]*");
  private static final Pattern STATEMENT =
      Pattern.compile("(?:model|parameter|literal|merge|call|recipe)\\s+[\"&].*|dict(?:\\s.*)?");
  private static final Pattern SDXL = Pattern.compile("[\\s=]\"sdxl");
  private static final Pattern MERGE = Pattern.compile("(?:merge|call)\\s+\".*");

  private final ScriptDraft draft;
  private final MechaMethod.Dialect dialect;
  private final Set<String> taken = new HashSet<>();
  private final List<MechaNode> nodes = new ArrayList<>();

  /** What each definition takes as it is where the rest is missing: its first model. */
  private final Map<String, String> carriers = new HashMap<>();

  private MechaReader(ScriptDraft draft, MechaMethod.Dialect dialect) {
    this.draft = draft;
    this.dialect = dialect;
  }

  /** Whether the text is of this kind: a version line, or nothing but such statements. */
  static boolean recognises(SourceText text) {
    boolean merges = false;
    boolean first = true;
    for (Line line : Line.of(text)) {
      String content = line.stripped();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      if (first && VERSION.matcher(content).matches()) {
        return true;
      }
      first = false;
      if (!STATEMENT.matcher(content).matches()) {
        return false;
      }
      merges |= MERGE.matcher(content).matches();
    }
    return merges;
  }

  /** Adds what the text says to the draft. */
  static void read(SourceText text, ScriptDraft draft) {
    List<Line> lines = new ArrayList<>();
    boolean versioned = false;
    for (Line line : Line.of(text)) {
      String content = line.stripped();
      if (lines.isEmpty() && !versioned && VERSION.matcher(content).matches()) {
        versioned = true;
      } else if (!content.isEmpty() && !content.startsWith("#")) {
        lines.add(line);
      }
    }
    draft.heading("from a recipe of sd-mecha");
    if (lines.size() > MOST_NODES) {
      draft.notUnderstood(
          lines.get(MOST_NODES), "a recipe of more than " + MOST_NODES + " lines ends here");
      lines = lines.subList(0, MOST_NODES);
    }
    boolean xl = lines.stream().anyMatch(line -> SDXL.matcher(line.text()).find());
    new MechaReader(draft, new MechaMethod.Dialect(versioned, xl)).all(lines);
  }

  private void all(List<Line> lines) {
    List<Optional<MechaLine>> parsed =
        lines.stream().map(line -> MechaLine.of(line.stripped(), dialect.versioned())).toList();
    List<String> files = new ArrayList<>();
    for (Optional<MechaLine> line : parsed) {
      files.add(line.map(this::file).orElse(""));
    }
    for (int i = 0; i < lines.size(); i++) {
      boolean last = i == lines.size() - 1;
      String name = files.get(i).isEmpty() ? fresh(last ? "result" : "node" + i) : files.get(i);
      Optional<MechaLine> line = parsed.get(i);
      if (line.isEmpty()) {
        draft.notUnderstood(lines.get(i), "this is no line of a recipe");
        nodes.add(new MechaNode.Model(name));
      } else {
        nodes.add(node(line.get(), lines.get(i), name));
      }
      if (last && nodes.getLast() instanceof MechaNode.Model(String only)) {
        if (!files.get(i).isEmpty()) {
          draft.define(fresh("result"), alias(name));
        } else if (!only.equals(name)) {
          draft.define(name, alias(only)); // a cast or a fallback that changes nothing
        }
      } else if (last && nodes.getLast() instanceof MechaNode.Difference difference) {
        new MechaMethod(draft, nodes, carriers, dialect).settle(difference);
      }
    }
  }

  private static boolean isDelta(MechaLine line) {
    MechaLine.Argument space = line.named().get("merge_space");
    boolean named = space != null && space.text().equalsIgnoreCase("delta");
    return named
        || line.arguments().stream()
            .skip(1)
            .anyMatch(argument -> argument.text().matches("(?i)delta|lora|lycoris"));
  }

  private static Merge alias(String model) {
    return new Merge.Linear(List.of(new Merge.Term(model, java.math.BigDecimal.ONE)));
  }

  /** The name of a model or parameter, empty for other nodes. */
  private String file(MechaLine line) {
    boolean model = line.operation().equals("model");
    if (!model && !line.operation().equals("parameter")
        || line.arguments().isEmpty()
        || !line.arguments().getFirst().quoted()) {
      return "";
    }
    String published = line.arguments().getFirst().text();
    String name = Cell.nameOf(published);
    int folder = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
    name = name.substring(folder + 1).strip();
    name = fresh(name.isEmpty() ? "model" : name);
    if (!model) {
      draft.comment("\"" + published + "\" is a parameter of the recipe: any model");
    } else if (!name.equals(published)) {
      draft.comment(ScriptDraft.spelled(name) + " is the file \"" + published + "\"");
    }
    return name;
  }

  private String fresh(String stem) {
    String name = stem;
    for (int number = 2; !taken.add(ScriptDraft.spelled(name)); number++) {
      name = stem + "-" + number;
    }
    return name;
  }

  private MechaNode node(MechaLine line, Line place, String name) {
    return switch (line.operation()) {
      case "model", "parameter" -> {
        if (line.arguments().isEmpty()) {
          draft.notUnderstood(place, "this names no model");
        }
        if (isDelta(line)) {
          draft.question(
              place.span(),
              "`" + name + "` is a file of differences, such as a LoRA, and bmr merges models",
              List.of());
        }
        yield new MechaNode.Model(name);
      }
      case "dict" -> {
        Optional<MechaNode> weight = MechaNode.dictionary(line.named());
        if (weight.isEmpty()) {
          draft.notUnderstood(place, MechaNode.problem(line.named()));
        }
        yield weight.orElse(new MechaNode.Unknown());
      }
      case "literal" ->
          line.arguments().size() == 1
              ? new MechaMethod(draft, nodes, carriers, dialect)
                  .value(line.arguments().getFirst())
                  .orElse(new MechaNode.Unknown())
              : new MechaNode.Unknown();
      case "merge", "call" ->
          new MechaMethod(draft, nodes, carriers, dialect).read(line, place, name);
      default -> {
        draft.notUnderstood(place, "this is no line of a recipe");
        yield new MechaNode.Model(name);
      }
    };
  }
}
