package bmr.interchange;

import bmr.interchange.MergekitWeights.Source;
import bmr.interchange.MergekitWeights.Unsupported;
import bmr.source.SourceText;
import bmr.source.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads mergekit configurations. {@code linear} is the weighted mean, {@code task_arithmetic} is
 * {@code base + lambda * sum(weight * (model - base))}; other methods become questions.
 */
final class MergekitReader {
  private static final Pattern METHOD = Pattern.compile("(?m)^merge_method[ \\t]*:[ \\t]*\\S");
  private static final Pattern MODELS =
      Pattern.compile("(?m)^(?:models|slices|base_model|modules)[ \\t]*:");
  private static final int MOST_MODELS = 200;

  private final ScriptDraft draft;
  private final Node root;
  private final Span place;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();

  private MergekitReader(ScriptDraft draft, Node root, Span place) {
    this.draft = draft;
    this.root = root;
    this.place = place;
  }

  /** Whether the text is of this kind. */
  static boolean recognises(SourceText text) {
    return METHOD.matcher(text.text()).find() && MODELS.matcher(text.text()).find();
  }

  /** Adds what the text says to the draft. */
  static void read(SourceText text, ScriptDraft draft) {
    draft.heading("from a configuration of mergekit");
    List<Line> lines = Line.of(text);
    Line line =
        lines.stream()
            .filter(one -> one.text().startsWith("merge_method"))
            .findFirst()
            .orElse(lines.getFirst());
    Optional<Node> root = YamlTree.of(text.text());
    if (root.isEmpty()) {
      draft.notUnderstood(line, "the file is no YAML, or too large or nested");
      return;
    }
    new MergekitReader(draft, root.get(), line.span()).read();
  }

  private void read() {
    String method = YamlTree.at(root, "merge_method").flatMap(YamlTree::text).orElse("");
    List<Node> entries = List.of();
    try {
      entries = models();
      switch (method) {
        case "linear" -> {
          checkBase(entries);
          linear(sources(entries));
        }
        case "slerp" ->
            throw new Unsupported("its `slerp` treats lengths and small angles in its own way");
        case "task_arithmetic" -> taskArithmetic(sources(entries));
        default ->
            throw new Unsupported(
                method.isEmpty()
                    ? "there is no merge method"
                    : "the method `" + method + "` is not in the language");
      }
      YamlTree.at(root, "dtype")
          .flatMap(YamlTree::text)
          .ifPresent(type -> draft.comment("dtype: " + type));
    } catch (Unsupported e) {
      ask(method, e.reason, entries);
    }
  }

  /** The entries with a model in each; one slice that is all of each model counts as such. */
  private List<Node> models() throws Unsupported {
    if (YamlTree.at(root, "modules").isPresent()) {
      throw new Unsupported("modules are merged separately");
    }
    Optional<Node> slices = YamlTree.at(root, "slices");
    List<Node> models = YamlTree.at(root, "models").map(YamlTree::entries).orElse(List.of());
    if (slices.isPresent()) {
      List<Node> parts = YamlTree.entries(slices.get());
      if (parts.size() != 1 || !models.isEmpty()) {
        throw new Unsupported("layers of models are stacked");
      }
      models = YamlTree.at(parts.getFirst(), "sources").map(YamlTree::entries).orElse(List.of());
      Set<List<String>> ranges = new LinkedHashSet<>();
      for (Node model : models) {
        ranges.add(
            YamlTree.at(model, "layer_range").map(YamlTree::entries).orElse(List.of()).stream()
                .map(end -> YamlTree.text(end).orElse(""))
                .toList());
      }
      if (ranges.size() > 1
          || ranges.stream().anyMatch(range -> !range.isEmpty() && !range.getFirst().equals("0"))) {
        throw new Unsupported("layers of models are cut out");
      }
      if (YamlTree.at(parts.getFirst(), "parameters").isPresent()) {
        throw new Unsupported("a slice has parameters");
      }
    }
    if (models.isEmpty() || models.size() > MOST_MODELS) {
      throw new Unsupported("there are no models, or too many");
    }
    return models;
  }

  /** In a linear merge the base model counts as any other, and needs a weight. */
  private void checkBase(List<Node> models) throws Unsupported {
    Optional<String> base =
        YamlTree.at(root, "base_model").flatMap(YamlTree::text).filter(name -> !name.isBlank());
    if (base.isEmpty()) {
      return;
    }
    for (Node entry : models) {
      if (YamlTree.at(entry, "model").flatMap(YamlTree::text).equals(base)) {
        return;
      }
    }
    throw new Unsupported("the base model is not among the models, so it is unclear what it adds");
  }

  private List<Source> sources(List<Node> models) throws Unsupported {
    List<Source> sources = new ArrayList<>();
    Set<String> listed = new HashSet<>();
    for (Node entry : models) {
      String model = modelOf(entry);
      if (!listed.add(model)) {
        throw new Unsupported("`" + model + "` is listed twice, and only one of them counts");
      }
      Optional<Node> weight =
          YamlTree.at(entry, "parameters").flatMap(own -> YamlTree.at(own, "weight"));
      boolean linear =
          YamlTree.at(root, "merge_method").flatMap(YamlTree::text).orElse("").equals("linear");
      Optional<Node> all = parameter("weight");
      boolean own = weight.isPresent();
      weight = weight.or(() -> all);
      boolean base = YamlTree.at(root, "base_model").flatMap(YamlTree::text).isPresent();
      if (!linear && base && name(baseModel()).equals(model)) {
        continue;
      }
      if (weight.isEmpty()) {
        throw new Unsupported("a model has no weight");
      }
      sources.add(
          new Source(
              model, MergekitWeights.weights(weight.get(), own ? all : Optional.empty()), false));
    }
    return MergekitWeights.byBlock(sources);
  }

  private String modelOf(Node entry) throws Unsupported {
    Optional<String> published = YamlTree.at(entry, "model").flatMap(YamlTree::text);
    if (published.isEmpty() || published.get().isBlank()) {
      throw new Unsupported("an entry names no model");
    }
    return name(published.get());
  }

  private String baseModel() throws Unsupported {
    return YamlTree.at(root, "base_model")
        .flatMap(YamlTree::text)
        .filter(base -> !base.isBlank())
        .orElseThrow(() -> new Unsupported("there is no base model"));
  }

  private String name(String published) throws Unsupported {
    if (published.contains("+")) {
      throw new Unsupported("a LoRA is applied to a model");
    }
    String known = names.get(published);
    if (known != null) {
      return known;
    }
    String stem = Cell.nameOf(published);
    stem = stem.substring(stem.lastIndexOf('/') + 1).strip();
    String name = stem.isEmpty() ? "model" : stem;
    for (int number = 2; !taken.add(ScriptDraft.spelled(name)); number++) {
      name = stem + "-" + number;
    }
    names.put(published, name);
    if (!name.equals(published)) {
      draft.comment(ScriptDraft.spelled(name) + " is \"" + published + "\"");
    }
    return name;
  }

  private Optional<Node> parameter(String name) {
    return YamlTree.at(root, "parameters").flatMap(all -> YamlTree.at(all, name));
  }

  private boolean flag(String parameter, boolean otherwise) throws Unsupported {
    Optional<Node> node = parameter(parameter);
    if (node.isEmpty()) {
      return otherwise;
    }
    String text = YamlTree.text(node.get()).orElse("");
    if (!text.matches("(?i)true|false")) {
      throw new Unsupported("`" + parameter + "` is neither true nor false");
    }
    return text.equalsIgnoreCase("true");
  }

  private void linear(List<Source> sources) throws Unsupported {
    List<Source> shares = flag("normalize", true) ? MergekitWeights.normalized(sources) : sources;
    if (shares.isEmpty()) {
      throw new Unsupported("no model has a weight");
    }
    if (!MergekitWeights.addUpToOne(shares)) {
      sum("", shares, " allow sum");
    } else if (shares.stream().allMatch(MergekitWeights::isConstant)) {
      draft.define(
          result(),
          new Merge.Linear(
              shares.stream()
                  .map(source -> new Merge.Term(source.model(), MergekitWeights.rest(source)))
                  .toList()));
    } else {
      sum("", shares, "");
    }
  }

  private void taskArithmetic(List<Source> sources) throws Unsupported {
    String base = name(baseModel());
    Optional<Node> lambda = parameter("lambda");
    BigDecimal strength = lambda.isEmpty() ? BigDecimal.ONE : MergekitWeights.number(lambda);
    List<Source> others = sources.stream().filter(source -> !source.model().equals(base)).toList();
    List<Source> scaled = new ArrayList<>();
    for (Source source : flag("normalize", false) ? MergekitWeights.normalized(others) : others) {
      Map<String, BigDecimal> weights = new LinkedHashMap<>();
      source.weights().forEach((filter, weight) -> weights.put(filter, weight.multiply(strength)));
      scaled.add(new Source(source.model(), weights, source.blocks()));
    }
    sum(base, scaled, "");
  }

  /** {@code base + (A - base) x w + ...}, or {@code A x w + ...} where there is no base. */
  private void sum(String base, List<Source> sources, String allowance) {
    var formula = new ArrayList<String>();
    var models = new ArrayList<String>();
    var clauses = new LinkedHashMap<String, String>();
    if (!base.isEmpty()) {
      formula.add(ScriptDraft.spelled(base));
      models.add(base);
    }
    for (Source source : sources) {
      String model = ScriptDraft.spelled(source.model());
      String term = base.isEmpty() ? model : "(" + model + " - " + formula.getFirst() + ")";
      formula.add(term + " x " + weight(source, clauses));
      models.add(source.model());
    }
    draft.define(
        result(), new Merge.Written(String.join(" + ", formula) + allowance, models, clauses));
  }

  private static String weight(Source source, SequencedMap<String, String> clauses) {
    String weight = "w" + (clauses.size() + 1);
    if (source.blocks()) {
      return ScriptDraft.weight(weight, KeyCells.ratio(source.weights()), clauses);
    }
    if (source.weights().size() == 1) {
      return ScriptDraft.weight(weight, new Ratio.Number(MergekitWeights.rest(source)), clauses);
    }
    // of mergekit's filters the first one counts, of a map's entries the last
    List<String> entries = new ArrayList<>();
    source
        .weights()
        .forEach((filter, value) -> {
          if (!filter.isEmpty()) {
            entries.addFirst("ALL:" + filter + ": " + value.toPlainString());
          }
        });
    entries.add("else " + MergekitWeights.rest(source).toPlainString());
    return ScriptDraft.weight(
        weight, new Ratio.Written("{" + String.join(", ", entries) + "}"), clauses);
  }

  private String result() {
    String name = "result";
    for (int number = 2; taken.contains(ScriptDraft.spelled(name)); number++) {
      name = "result-" + number;
    }
    return name;
  }

  private void ask(String method, String reason, List<Node> models) {
    List<String> readings = new ArrayList<>();
    try {
      Optional<Node> t = parameter("t");
      if (method.equals("slerp") && models.size() == 2 && t.isPresent()) {
        String base = name(baseModel());
        String first = modelOf(models.getFirst());
        String second = modelOf(models.getLast());
        String other = first.equals(base) ? second : first;
        BigDecimal weight = MergekitWeights.number(t);
        readings.add(
            result()
                + " = slerp("
                + ScriptDraft.spelled(base)
                + ", "
                + ScriptDraft.spelled(other)
                + ", "
                + weight.toPlainString()
                + ")");
      }
    } catch (Unsupported e) {
      draft.comment(e.reason);
    }
    for (Node model : models) {
      YamlTree.at(model, "model")
          .flatMap(YamlTree::text)
          .ifPresent(published -> draft.comment("model: " + published));
    }
    draft.question(place, "a merge of mergekit cannot be written: " + reason, readings);
  }
}
