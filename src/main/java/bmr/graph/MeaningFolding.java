package bmr.graph;

import bmr.graph.Meaning.Call;
import bmr.graph.Meaning.Definition;
import bmr.graph.Meaning.Element;
import bmr.graph.Meaning.Kind;
import bmr.graph.Meaning.Terms;
import bmr.graph.MeaningSites.Representative;
import bmr.model.Architecture;
import bmr.recipe.Recipe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Folds definitions to coefficients per block from the top down: every node's coefficient is handed
 * on to its operands, so that a chain takes time in proportion to its length however many sources
 * it names.
 */
public final class MeaningFolding {
  /** What rounding at 60 digits leaves of something that cancels. */
  private static final BigDecimal NOTHING = new BigDecimal("1e-50");

  private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");

  private final Recipe recipe;
  private final ModelGraph graph;
  private final Coefficients<BigDecimal> arithmetic = new ExactDecimals();
  private final List<Representative> sites;
  private final List<SiteWeights<BigDecimal>> weights = new ArrayList<>();
  private final List<Integer> groups = new ArrayList<>();

  private MeaningFolding(
      Recipe recipe, ModelGraph graph, Architecture architecture, Iterable<String> keys) {
    this.recipe = recipe;
    this.graph = graph;
    var fragments = new TreeSet<String>();
    int[] all = new int[graph.size()];
    for (int id = 0; id < all.length; id++) {
      all[id] = id;
      switch (graph.node(id)) {
        case Node.Sum sum ->
            sum.edges().forEach(edge -> fragments.addAll(edge.weight().elements()));
        case Node.Method method ->
            method.parameters().forEach(weight -> fragments.addAll(weight.elements()));
        case Node.Source _, Node.Fallback _, Node.Adjusted _, Node.Masked _, Node.Round _ -> {}
      }
    }
    this.sites = MeaningSites.of(architecture, recipe.blockMap(), fragments, keys);
    for (Representative site : sites) {
      var own = new SiteWeights<BigDecimal>(graph, all, arithmetic, site.site());
      int known = 0;
      while (known < weights.size() && !weights.get(known).sameAs(own)) {
        known++;
      }
      if (known == weights.size()) {
        weights.add(own);
      }
      groups.add(known);
    }
  }

  /**
   * The meaning of some definitions.
   *
   * @param models indices in the recipe
   * @param keys keys of the architecture's tensors; only weights for elements need them
   */
  public static Meaning fold(
      Recipe recipe,
      ModelGraph graph,
      Architecture architecture,
      Iterable<String> keys,
      List<Integer> models) {
    var folding = new MeaningFolding(recipe, graph, architecture, keys);
    return new Meaning(architecture, models.stream().map(folding::definition).toList());
  }

  private Definition definition(int model) {
    int root = graph.model(model);
    int[] order = graph.below(root);
    Map<Integer, String> labels = new HashMap<>();
    List<Integer> methods = new ArrayList<>();
    for (int id : order) {
      if (graph.node(id) instanceof Node.Method method) {
        methods.add(id);
        labels.put(id, method.signature().name() + "#" + methods.size());
      }
    }
    List<Terms> all = everywhere(root, labels);
    SequencedMap<String, Terms> blocks = blocks(all);
    List<Call> calls = new ArrayList<>();
    for (int id : methods) {
      calls.add(call((Node.Method) graph.node(id), id, labels));
    }
    return new Definition(
        recipe.models().get(model).name(), kind(blocks), blocks, calls, elements(all));
  }

  /** The terms of a node at each of the sites. */
  private List<Terms> everywhere(int root, Map<Integer, String> labels) {
    int[] order = graph.below(root);
    Map<Integer, Terms> folded = new HashMap<>();
    List<Terms> all = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      SiteWeights<BigDecimal> own = weights.get(groups.get(i));
      all.add(
          sites.get(i).site().place().blended()
              ? folded.computeIfAbsent(groups.get(i), _ -> terms(root, order, own, labels))
              : kept(root, order, own));
    }
    return all;
  }

  /** What the block map keeps is the first carrier's. */
  private Terms kept(int root, int[] order, SiteWeights<BigDecimal> own) {
    var present = new java.util.BitSet();
    present.set(0, recipe.sources().size());
    int holder = ClassFolding.firstHolder(graph, root, order, arithmetic, own, present);
    SequencedMap<String, BigDecimal> terms = new TreeMap<>();
    if (holder >= 0) {
      terms.put(recipe.sources().get(holder).name(), BigDecimal.ONE);
    }
    return new Terms(terms);
  }

  private Terms terms(
      int root, int[] order, SiteWeights<BigDecimal> own, Map<Integer, String> labels) {
    Map<Integer, BigDecimal> shares = new HashMap<>();
    shares.put(root, BigDecimal.ONE);
    TreeMap<String, BigDecimal> terms = new TreeMap<>();
    for (int i = order.length - 1; i >= 0; i--) {
      int id = order[i];
      BigDecimal share = shares.remove(id);
      if (share == null || share.abs().compareTo(NOTHING) <= 0 || own.isOutside(id)) {
        continue;
      }
      switch (graph.node(id)) {
        case Node.Source(int index) ->
            terms.merge(recipe.sources().get(index).name(), share, arithmetic::add);
        case Node.Sum sum -> {
          List<BigDecimal> factors = own.shares(id, sum);
          for (int edge = 0; edge < factors.size(); edge++) {
            BigDecimal part = arithmetic.multiply(share, factors.get(edge));
            shares.merge(sum.edges().get(edge).node(), part, arithmetic::add);
          }
        }
        case Node.Method method -> {
          Optional<Integer> alone = method.signature().operandAlone(own.weights(id));
          List<Integer> inside = own.inside(method.operands());
          if (inside.size() < method.operands().size()) {
            shares.merge(inside.getFirst(), share, arithmetic::add);
          } else if (alone.isPresent()) {
            shares.merge(method.operands().get(alone.get()), share, arithmetic::add);
          } else {
            terms.merge(labels.getOrDefault(id, "?"), share, arithmetic::add);
          }
        }
        // every model is taken to hold every tensor
        case Node.Fallback fallback ->
            shares.merge(own.inside(fallback.alternatives()).getFirst(), share, arithmetic::add);
        // what it does to a handful of tensors is not told here
        case Node.Adjusted adjusted -> shares.merge(adjusted.operand(), share, arithmetic::add);
        case Node.Masked masked -> shares.merge(masked.operand(), share, arithmetic::add);
        case Node.Round round -> shares.merge(round.operand(), share, arithmetic::add);
      }
    }
    terms.values().removeIf(value -> value.abs().compareTo(NOTHING) <= 0);
    terms.replaceAll((name, value) -> arithmetic.decimal(value));
    return new Terms(terms);
  }

  /** Every block, and the parts that differ from the block around them. */
  private SequencedMap<String, Terms> blocks(List<Terms> all) {
    SequencedMap<String, Terms> blocks = new LinkedHashMap<>();
    for (int i = 0; i < sites.size(); i++) {
      Representative site = sites.get(i);
      if (site.isBlock() || (!site.isElement() && !all.get(i).equals(blocks.get(site.within())))) {
        blocks.put(site.label(), all.get(i));
      }
    }
    return blocks;
  }

  private List<Element> elements(List<Terms> all) {
    Map<String, Terms> plain = new HashMap<>();
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      Representative site = sites.get(i);
      if (!site.isElement()) {
        plain.put(site.label(), all.get(i));
      } else if (!all.get(i).equals(plain.get(site.label()))) {
        elements.add(new Element(site.label(), site.having(), site.tensors(), all.get(i)));
      }
    }
    return elements;
  }

  private Call call(Node.Method method, int id, Map<Integer, String> labels) {
    List<SequencedMap<String, Terms>> operands = new ArrayList<>();
    for (int operand : method.operands()) {
      operands.add(blocks(everywhere(operand, labels)));
    }
    SequencedMap<String, SequencedMap<String, BigDecimal>> parameters = new LinkedHashMap<>();
    for (int i = 0; i < method.parameters().size(); i++) {
      SequencedMap<String, BigDecimal> values = new LinkedHashMap<>();
      for (int at = 0; at < sites.size(); at++) {
        Representative site = sites.get(at);
        BigDecimal value = arithmetic.decimal(weights.get(groups.get(at)).weights(id).get(i));
        if (site.isBlock() || (!site.isElement() && differs(value, values.get(site.within())))) {
          values.put(site.label(), value);
        }
      }
      parameters.put(method.signature().parameters().get(i).name(), values);
    }
    return new Call(labels.getOrDefault(id, "?"), method.signature().name(), operands, parameters);
  }

  private static boolean differs(BigDecimal value, @Nullable BigDecimal other) {
    return other == null || value.compareTo(other) != 0;
  }

  private static Kind kind(SequencedMap<String, Terms> blocks) {
    boolean model = true;
    boolean difference = true;
    for (Terms terms : blocks.values()) {
      BigDecimal sum = terms.sum();
      model &= sum.subtract(BigDecimal.ONE).abs().compareTo(TOLERANCE) <= 0;
      difference &= sum.abs().compareTo(TOLERANCE) <= 0;
    }
    return model ? Kind.MODEL : difference ? Kind.DIFFERENCE : Kind.OTHER;
  }
}
