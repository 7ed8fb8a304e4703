package bmr.graph;

import bmr.graph.RecipeDifference.Call;
import bmr.model.Adjustment;
import bmr.model.Weight.Site;
import bmr.recipe.Recipe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Folds models of one of two recipes to coefficients at given sites. Methods and fallbacks are
 * terms with labels of a table that both recipes share; adjustments are worked out.
 */
final class SideFolding {
  /** What rounding at 60 digits leaves of something that cancels. */
  static final BigDecimal NOTHING = new BigDecimal("1e-50");

  private static final SequencedMap<String, BigDecimal> UNUSED =
      Collections.unmodifiableSequencedMap(new TreeMap<String, BigDecimal>());

  private final Recipe recipe;
  private final ModelGraph graph;
  private final UnaryOperator<String> names;
  private final List<Site> sites;
  private final boolean steps;
  private final ExactDecimals arithmetic = new ExactDecimals();
  private final List<SiteWeights<BigDecimal>> weights = new ArrayList<>();
  private final List<Integer> groups = new ArrayList<>();
  private final Map<Integer, String> labels = new HashMap<>();

  /**
   * Prepares the models below some nodes.
   *
   * @param names what sources are called in the comparison
   * @param steps whether a rounding between definitions counts as a method
   */
  SideFolding(
      Recipe recipe,
      ModelGraph graph,
      UnaryOperator<String> names,
      List<Integer> roots,
      List<Site> sites,
      CallTable table,
      boolean steps) {
    this.recipe = recipe;
    this.graph = graph;
    this.names = names;
    this.sites = List.copyOf(sites);
    this.steps = steps;
    var needed = new BitSet();
    for (int root : roots) {
      if (!needed.get(root)) {
        for (int id : graph.below(root)) {
          needed.set(id);
        }
      }
    }
    int[] all = needed.stream().toArray();
    for (Site site : sites) {
      var own = new SiteWeights<BigDecimal>(graph, all, arithmetic, site);
      int known = 0;
      while (known < weights.size() && !weights.get(known).sameAs(own)) {
        known++;
      }
      if (known == weights.size()) {
        weights.add(own);
      }
      groups.add(known);
    }
    // operands come before what uses them
    for (int id : all) {
      switch (graph.node(id)) {
        case Node.Method method -> labels.put(id, table.label(call(method, id)));
        case Node.Fallback fallback ->
            labels.put(id, table.label(structure("fallback", fallback.alternatives())));
        case Node.Round round -> {
          if (steps) {
            String name = round.dtype().tag().toLowerCase(java.util.Locale.ROOT);
            labels.put(id, table.label(structure(name, List.of(round.operand()))));
          }
        }
        case Node.Source _, Node.Sum _, Node.Adjusted _, Node.Masked _ -> {}
      }
    }
  }

  /** The coefficients of a node at each of the sites; none is 0. */
  List<SequencedMap<String, BigDecimal>> terms(int root) {
    int[] order = graph.below(root);
    Map<List<Object>, SequencedMap<String, BigDecimal>> folded = new HashMap<>();
    List<SequencedMap<String, BigDecimal>> all = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      SiteWeights<BigDecimal> own = weights.get(groups.get(i));
      String adjusted = Adjustment.KEYS.contains(site.key()) ? site.key() : "";
      all.add(
          site.place().blended()
              ? folded.computeIfAbsent(
                  List.of(groups.get(i), adjusted), _ -> terms(root, order, own, site))
              : kept(root, order, own));
    }
    return all;
  }

  /** What a block map keeps is the first carrier's. */
  private SequencedMap<String, BigDecimal> kept(
      int root, int[] order, SiteWeights<BigDecimal> own) {
    var present = new BitSet();
    present.set(0, recipe.sources().size());
    int holder = ClassFolding.firstHolder(graph, root, order, arithmetic, own, present);
    SequencedMap<String, BigDecimal> terms = new TreeMap<>();
    if (holder >= 0) {
      terms.put(source(holder), BigDecimal.ONE);
    }
    return terms;
  }

  private String source(int index) {
    return names.apply(recipe.sources().get(index).name());
  }

  private SequencedMap<String, BigDecimal> terms(
      int root, int[] order, SiteWeights<BigDecimal> own, Site site) {
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
        case Node.Source(int index) -> terms.merge(source(index), share, arithmetic::add);
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
            terms.merge(label(id), share, arithmetic::add);
          }
        }
        case Node.Fallback fallback -> {
          List<Integer> inside = own.inside(fallback.alternatives());
          if (inside.size() == 1) {
            shares.merge(inside.getFirst(), share, arithmetic::add);
          } else {
            terms.merge(label(id), share, arithmetic::add);
          }
        }
        case Node.Masked masked -> shares.merge(masked.operand(), share, arithmetic::add);
        case Node.Adjusted adjusted -> adjust(adjusted, share, site, shares, terms);
        case Node.Round round -> {
          if (steps) {
            terms.merge(label(id), share, arithmetic::add);
          } else {
            shares.merge(round.operand(), share, arithmetic::add);
          }
        }
      }
    }
    terms.values().removeIf(value -> value.abs().compareTo(NOTHING) <= 0);
    terms.replaceAll((name, value) -> arithmetic.decimal(value));
    return terms;
  }

  private String label(int id) {
    return labels.getOrDefault(id, "?");
  }

  private void adjust(
      Node.Adjusted adjusted,
      BigDecimal share,
      Site site,
      Map<Integer, BigDecimal> shares,
      Map<String, BigDecimal> terms) {
    BigDecimal rest =
        switch (adjusted.adjustment().effect(site.architecture(), site.key())) {
          case Adjustment.Effect.None() -> share;
          case Adjustment.Effect.Scaled(var factor) -> arithmetic.multiply(share, factor.value());
          case Adjustment.Effect.Shifted(List<BigDecimal> channels) -> {
            for (int channel = 0; channel < channels.size(); channel++) {
              terms.merge(
                  "shift of channel " + channel,
                  arithmetic.multiply(share, channels.get(channel)),
                  arithmetic::add);
            }
            yield share;
          }
        };
    shares.merge(adjusted.operand(), rest, arithmetic::add);
  }

  /** Where a method is one of its operands unchanged, its other operands do not count. */
  private Call call(Node.Method method, int id) {
    var used = new BitSet();
    List<List<BigDecimal>> parameters = new ArrayList<>();
    method.parameters().forEach(_ -> parameters.add(new ArrayList<>()));
    for (int site = 0; site < sites.size(); site++) {
      SiteWeights<BigDecimal> own = weights.get(groups.get(site));
      List<BigDecimal> values = own.weights(id);
      used.set(
          site,
          method.signature().operandAlone(values).isEmpty()
              && method.operands().stream().noneMatch(own::isOutside));
      for (int i = 0; i < values.size(); i++) {
        parameters.get(i).add(used.get(site) ? arithmetic.decimal(values.get(i)) : BigDecimal.ZERO);
      }
    }
    List<List<SequencedMap<String, BigDecimal>>> operands = new ArrayList<>();
    for (int operand : method.operands()) {
      List<SequencedMap<String, BigDecimal>> all = terms(operand);
      for (int site = used.nextClearBit(0); site < all.size(); site = used.nextClearBit(site + 1)) {
        all.set(site, UNUSED);
      }
      operands.add(all);
    }
    return new Call(
        method.signature().name(),
        operands,
        method.signature().parameters().stream().map(parameter -> parameter.name()).toList(),
        parameters);
  }

  private Call structure(String name, List<Integer> operands) {
    return new Call(name, operands.stream().map(this::terms).toList(), List.of(), List.of());
  }
}
