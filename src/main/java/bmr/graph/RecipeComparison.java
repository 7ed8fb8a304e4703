package bmr.graph;

import bmr.graph.RecipeDifference.Call;
import bmr.graph.RecipeDifference.CallDifference;
import bmr.graph.RecipeDifference.Change;
import bmr.graph.RecipeDifference.ModelDifference;
import bmr.graph.RecipeDifference.Setting;
import bmr.graph.SharedSites.SharedSite;
import bmr.model.Adjustment;
import bmr.model.Architecture;
import bmr.model.Part;
import bmr.model.Weight.Site;
import bmr.recipe.Recipe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Compares models of two recipes by their effective coefficients in each block, whatever the
 * definitions between are called and however the formulas are arranged. Every source is taken to
 * hold all tensors.
 */
public final class RecipeComparison {
  /**
   * One of the recipes.
   *
   * @param names what its sources are called in the comparison
   */
  public record Side(Recipe recipe, ModelGraph graph, UnaryOperator<String> names) {}

  /** Two models that are compared with each other. */
  public record Pair(ComparedModel left, ComparedModel right) {}

  /** What was found, before it is put together with what only one recipe has. */
  public record Found(
      List<TensorGroup> groups, List<ModelDifference> models, SequencedMap<String, Call> calls) {}

  private final Side left;
  private final Side right;
  private final List<Pair> pairs;
  private final List<SharedSite> sites;
  private final CallTable table;

  private RecipeComparison(
      Side left, Side right, List<Pair> pairs, List<SharedSite> sites, BigDecimal tolerance) {
    this.left = left;
    this.right = right;
    this.pairs = pairs;
    this.sites = sites;
    this.table = new CallTable(tolerance);
  }

  /**
   * Compares pairs of models.
   *
   * @param keys keys of the architecture's tensors; none where they are not known
   * @param tolerance numbers that are no farther apart are the same
   */
  public static Found compare(
      Side left,
      Side right,
      Architecture architecture,
      Iterable<String> keys,
      List<Pair> pairs,
      BigDecimal tolerance) {
    Set<String> fragments = new TreeSet<>();
    fragments(left.graph(), fragments);
    fragments(right.graph(), fragments);
    List<SharedSite> sites =
        SharedSites.of(
            architecture, left.recipe().blockMap(), right.recipe().blockMap(), fragments, keys);
    BigDecimal least = tolerance.max(SideFolding.NOTHING);
    return new RecipeComparison(left, right, pairs, sites, least).found();
  }

  private static void fragments(ModelGraph graph, Set<String> fragments) {
    for (int id = 0; id < graph.size(); id++) {
      switch (graph.node(id)) {
        case Node.Sum sum ->
            sum.edges().forEach(edge -> fragments.addAll(edge.weight().elements()));
        case Node.Method method ->
            method.parameters().forEach(weight -> fragments.addAll(weight.elements()));
        case Node.Adjusted _ -> fragments.addAll(Adjustment.KEYS);
        case Node.Source _, Node.Fallback _, Node.Masked _, Node.Round _ -> {}
      }
    }
  }

  private Found found() {
    SideFolding old = folding(left, Pair::left, SharedSite::left, table, false);
    SideFolding now = folding(right, Pair::right, SharedSite::right, table, false);
    boolean stepwise =
        left.recipe().stepwise().isPresent()
            && left.recipe().stepwise().equals(right.recipe().stepwise());
    Optional<RoundedSides> rounded = stepwise ? Optional.of(new RoundedSides()) : Optional.empty();
    List<ModelDifference> models = new ArrayList<>();
    Set<String> mentioned = new TreeSet<>();
    for (Pair pair : pairs) {
      ModelDifference difference = difference(pair, old, now, mentioned);
      if (difference.same() && rounded.isPresent() && rounded.get().differ(pair)) {
        difference =
            new ModelDifference(
                difference.left(),
                difference.right(),
                difference.output(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                true);
      }
      models.add(difference);
    }
    SequencedMap<String, Call> calls = new LinkedHashMap<>(table.calls());
    calls.keySet().retainAll(reachable(mentioned));
    return new Found(sites.stream().map(SharedSite::group).toList(), models, calls);
  }

  private SideFolding folding(
      Side side,
      Function<Pair, ComparedModel> model,
      Function<SharedSite, Site> site,
      CallTable calls,
      boolean steps) {
    List<Integer> roots = new ArrayList<>();
    for (Pair pair : pairs) {
      roots.add(model.apply(pair).node());
      model.apply(pair).vaeNode().ifPresent(roots::add);
    }
    return new SideFolding(
        side.recipe(),
        side.graph(),
        side.names(),
        roots,
        sites.stream().map(site).toList(),
        calls,
        steps);
  }

  /** Both recipes with their roundings as methods. */
  private final class RoundedSides {
    private final CallTable calls = new CallTable(SideFolding.NOTHING);
    private final SideFolding old = folding(left, Pair::left, SharedSite::left, calls, true);
    private final SideFolding now = folding(right, Pair::right, SharedSite::right, calls, true);

    boolean differ(Pair pair) {
      return !terms(pair.left(), old).equals(terms(pair.right(), now));
    }
  }

  private ModelDifference difference(
      Pair pair, SideFolding old, SideFolding now, Set<String> mentioned) {
    List<SequencedMap<String, BigDecimal>> before = terms(pair.left(), old);
    List<SequencedMap<String, BigDecimal>> after = terms(pair.right(), now);
    Map<String, String> paired = pairedCalls(reachable(names(before)), reachable(names(after)));
    List<Change> changes = changes(before, renamed(after, paired), compared(pair));
    List<CallDifference> calls = new ArrayList<>();
    paired.forEach(
        (newLabel, oldLabel) -> difference(oldLabel, newLabel, paired).ifPresent(calls::add));
    Set<String> usedBefore = names(before);
    Set<String> usedAfter = names(renamed(after, paired));
    Set<String> changed =
        changes.stream().map(Change::name).collect(Collectors.toCollection(TreeSet::new));
    mentioned.addAll(changed);
    calls.forEach(call -> {
      mentioned.add(call.label());
      call.operands().forEach(operand -> operand.forEach(change -> mentioned.add(change.name())));
    });
    return new ModelDifference(
        pair.left().name(),
        pair.right().name(),
        pair.left().output() && pair.right().output(),
        settings(pair),
        changed.stream().filter(name -> !usedAfter.contains(name)).toList(),
        changed.stream().filter(name -> !usedBefore.contains(name)).toList(),
        changes,
        calls,
        false);
  }

  private List<SequencedMap<String, BigDecimal>> terms(ComparedModel model, SideFolding folding) {
    List<SequencedMap<String, BigDecimal>> terms = folding.terms(model.node());
    OptionalInt other = model.vaeNode();
    if (other.isPresent()) {
      List<SequencedMap<String, BigDecimal>> vae = folding.terms(other.getAsInt());
      for (int i = 0; i < terms.size(); i++) {
        if (sites.get(i).group().part() == Part.VAE) {
          terms.set(i, vae.get(i));
        }
      }
    }
    return terms;
  }

  /** The sites that both models have. */
  private BitSet compared(Pair pair) {
    var compared = new BitSet();
    for (int i = 0; i < sites.size(); i++) {
      Part part = sites.get(i).group().part();
      compared.set(i, has(pair.left(), part) && has(pair.right(), part));
    }
    return compared;
  }

  private static boolean has(ComparedModel model, Part part) {
    return (model.vae() || part != Part.VAE) && (!model.unetOnly() || part.isUnet());
  }

  private static List<Setting> settings(Pair pair) {
    List<Setting> settings = new ArrayList<>();
    setting(settings, "element type", pair.left().type(), pair.right().type());
    setting(settings, "parts", parts(pair.left()), parts(pair.right()));
    return settings;
  }

  private static void setting(List<Setting> settings, String name, String left, String right) {
    if (!left.equals(right)) {
      settings.add(new Setting(name, left, right));
    }
  }

  private static String parts(ComparedModel model) {
    return model.unetOnly() ? "U-Net only" : model.vae() ? "all" : "no VAE";
  }

  private List<Change> changes(
      List<SequencedMap<String, BigDecimal>> before,
      List<SequencedMap<String, BigDecimal>> after,
      BitSet compared) {
    Set<String> all = new TreeSet<>(names(before));
    all.addAll(names(after));
    List<Change> changes = new ArrayList<>();
    for (String name : all) {
      changes(
          name,
          before.stream().map(terms -> terms.getOrDefault(name, BigDecimal.ZERO)).toList(),
          after.stream().map(terms -> terms.getOrDefault(name, BigDecimal.ZERO)).toList(),
          compared,
          changes);
    }
    return changes;
  }

  private void changes(
      String name,
      List<BigDecimal> before,
      List<BigDecimal> after,
      BitSet compared,
      List<Change> changes) {
    Map<List<BigDecimal>, List<TensorGroup>> found = new LinkedHashMap<>();
    compared.stream()
        .filter(i -> !table.near(before.get(i), after.get(i)))
        .forEach(i ->
            found
                .computeIfAbsent(List.of(before.get(i), after.get(i)), _ -> new ArrayList<>())
                .add(sites.get(i).group()));
    found.forEach((values, groups) ->
        changes.add(new Change(name, values.getFirst(), values.getLast(), groups)));
  }

  private Optional<CallDifference> difference(
      String oldLabel, String newLabel, Map<String, String> paired) {
    Call before = call(oldLabel);
    Call after = call(newLabel);
    var all = new BitSet();
    all.set(0, sites.size());
    List<Change> parameters = new ArrayList<>();
    for (int i = 0; i < before.parameters().size(); i++) {
      changes(
          before.parameterNames().get(i),
          before.parameters().get(i),
          after.parameters().get(i),
          all,
          parameters);
    }
    List<List<Change>> operands = new ArrayList<>();
    for (int i = 0; i < before.operands().size(); i++) {
      operands.add(
          changes(before.operands().get(i), renamed(after.operands().get(i), paired), all));
    }
    boolean same = parameters.isEmpty() && operands.stream().allMatch(List::isEmpty);
    return same
        ? Optional.empty()
        : Optional.of(new CallDifference(oldLabel, parameters, operands));
  }

  private Call call(String label) {
    Call call = table.calls().get(label);
    if (call == null) {
      throw new IllegalArgumentException("no call " + label);
    }
    return call;
  }

  /** Calls that only the new model has, each with the one of the old model that it replaces. */
  private SequencedMap<String, String> pairedCalls(Set<String> before, Set<String> after) {
    List<String> old = before.stream().filter(label -> !after.contains(label)).toList();
    Set<String> free = new LinkedHashSet<>(old);
    SequencedMap<String, String> paired = new LinkedHashMap<>();
    for (String label : after) {
      if (before.contains(label)) {
        continue;
      }
      Call call = call(label);
      Optional<String> best = Optional.empty();
      int most = -1;
      for (String candidate : free) {
        Call other = call(candidate);
        if (other.method().equals(call.method())
            && other.operands().size() == call.operands().size()) {
          int common = common(call, other);
          if (common > most) {
            most = common;
            best = Optional.of(candidate);
          }
        }
      }
      if (best.isPresent()) {
        free.remove(best.get());
        paired.put(label, best.get());
      }
    }
    return paired;
  }

  /** How many names the operands have in common. */
  private static int common(Call call, Call other) {
    int common = 0;
    for (int i = 0; i < call.operands().size(); i++) {
      Set<String> names = new TreeSet<>(names(call.operands().get(i)));
      names.retainAll(names(other.operands().get(i)));
      common += names.size();
    }
    return common;
  }

  private static List<SequencedMap<String, BigDecimal>> renamed(
      List<SequencedMap<String, BigDecimal>> terms, Map<String, String> paired) {
    if (paired.isEmpty()) {
      return terms;
    }
    List<SequencedMap<String, BigDecimal>> all = new ArrayList<>();
    for (SequencedMap<String, BigDecimal> one : terms) {
      SequencedMap<String, BigDecimal> renamed = new TreeMap<>();
      one.forEach((name, value) -> renamed.put(paired.getOrDefault(name, name), value));
      all.add(renamed);
    }
    return all;
  }

  private static Set<String> names(List<SequencedMap<String, BigDecimal>> terms) {
    Set<String> names = new TreeSet<>();
    terms.forEach(one -> names.addAll(one.keySet()));
    return names;
  }

  /** Labels of calls among some names, and of the calls below them. */
  private Set<String> reachable(Set<String> names) {
    Set<String> labels = new TreeSet<>();
    List<String> open = new ArrayList<>(names);
    while (!open.isEmpty()) {
      String name = open.removeLast();
      Call call = table.calls().get(name);
      if (call != null && labels.add(name)) {
        call.operands().forEach(operand -> open.addAll(names(operand)));
      }
    }
    Set<String> ordered = new LinkedHashSet<>(table.calls().sequencedKeySet());
    ordered.retainAll(labels);
    return ordered;
  }
}
