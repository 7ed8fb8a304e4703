package bmr.graph;

import bmr.model.Weight;
import bmr.model.Weight.Site;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a part of the graph for the tensors of one site, and the coefficient sum ("kind")
 * of each node there: 1 for a model, 0 for a difference.
 */
final class SiteWeights<C> {
  private final ModelGraph graph;
  private final Coefficients<C> arithmetic;

  /** Of nodes whose weights the site decides; plain numbers are looked up when they are needed. */
  private final Map<Integer, List<C>> weights = new HashMap<>();

  private final List<@Nullable C> kinds;
  private final Site site;

  /**
   * Nodes that {@code clip(A)} and its like take the tensors of the site from, whoever holds them.
   */
  private final BitSet outside = new BitSet();

  /**
   * Evaluates everything below a node.
   *
   * @param order ids of the nodes, going up
   */
  SiteWeights(ModelGraph graph, int[] order, Coefficients<C> arithmetic, Site site) {
    this.graph = graph;
    this.arithmetic = arithmetic;
    this.site = site;
    kinds = new ArrayList<>(java.util.Collections.nCopies(graph.size(), null));
    for (int id : order) {
      switch (graph.node(id)) {
        case Node.Source(int index) ->
            kinds.set(id, graph.isDifference(index) ? arithmetic.zero() : arithmetic.one());
        case Node.Sum sum -> {
          List<C> values = keep(id, sum.edges().stream().map(Node.Edge::weight).toList());
          C kind = arithmetic.zero();
          for (int i = 0; i < values.size(); i++) {
            C share = arithmetic.multiply(values.get(i), kind(sum.edges().get(i).node()));
            kind = arithmetic.add(kind, share);
          }
          kinds.set(id, arithmetic.plain(kind));
        }
        case Node.Method method -> {
          keep(id, method.parameters());
          kinds.set(id, arithmetic.one());
        }
        case Node.Fallback fallback -> kinds.set(id, kind(fallback.alternatives().getFirst()));
        case Node.Adjusted adjusted -> kinds.set(id, kind(adjusted.operand()));
        case Node.Masked masked -> kinds.set(id, kind(masked.operand()));
        case Node.Round round -> kinds.set(id, kind(round.operand()));
      }
      outside.set(id, outside(graph.node(id)));
    }
  }

  private boolean outside(Node node) {
    return switch (node) {
      case Node.Source _ -> false;
      case Node.Masked(var component, int operand) ->
          outside.get(operand) || !component.holds(site.place().part(), site.key());
      case Node.Sum sum -> {
        List<Integer> carriers =
            sum.edges().stream()
                .map(Node.Edge::node)
                .filter(operand -> !arithmetic.isDifference(kind(operand)))
                .toList();
        yield (carriers.isEmpty() ? sum.edges().stream().map(Node.Edge::node).toList() : carriers)
            .stream().allMatch(outside::get);
      }
      case Node.Method method ->
          switch (method.signature().missing()) {
            case FIRST_OPERAND -> outside.get(method.operands().getFirst());
            case FIRST_PRESENT -> method.operands().stream().allMatch(outside::get);
          };
      case Node.Fallback fallback -> fallback.alternatives().stream().allMatch(outside::get);
      case Node.Adjusted adjusted -> outside.get(adjusted.operand());
      case Node.Round round -> outside.get(round.operand());
    };
  }

  /** Whether a node lacks the tensors because it is another component of a model. */
  boolean isOutside(int id) {
    return outside.get(id);
  }

  /** Operands that hold the tensors if the files do. */
  List<Integer> inside(List<Integer> operands) {
    return operands.stream().filter(operand -> !outside.get(operand)).toList();
  }

  /**
   * Weights of a sum's operands where all files hold the tensors: those of operands that are other
   * components go to the first carrier that is none.
   */
  List<C> shares(int id, Node.Sum sum) {
    List<C> written = weights(id);
    List<Integer> nodes = sum.edges().stream().map(Node.Edge::node).toList();
    if (inside(nodes).size() == nodes.size()) {
      return written;
    }
    List<C> shares =
        new ArrayList<>(java.util.Collections.nCopies(nodes.size(), arithmetic.zero()));
    C whole = arithmetic.zero();
    boolean complete = true;
    int first = -1;
    for (int i = 0; i < nodes.size(); i++) {
      boolean live = !arithmetic.isZero(written.get(i));
      boolean held = !outside.get(nodes.get(i));
      if (arithmetic.isDifference(kind(nodes.get(i)))) {
        shares.set(i, held ? written.get(i) : arithmetic.zero());
        continue;
      }
      whole = arithmetic.add(whole, arithmetic.multiply(written.get(i), kind(nodes.get(i))));
      complete &= held || !live;
      boolean firstLive = first >= 0 && !arithmetic.isZero(written.get(first));
      if (held && (first < 0 || (live && !firstLive))) {
        first = i;
      }
    }
    boolean any = first >= 0 && !arithmetic.isZero(written.get(first));
    for (int i = 0; i < nodes.size(); i++) {
      if (arithmetic.isDifference(kind(nodes.get(i)))) {
        continue;
      }
      if (complete && any) {
        shares.set(i, outside.get(nodes.get(i)) ? arithmetic.zero() : written.get(i));
      } else if (i == first && !arithmetic.isDifference(whole)) {
        shares.set(i, arithmetic.divide(whole, kind(nodes.get(i))));
      }
    }
    return shares;
  }

  private List<C> keep(int id, List<Weight> written) {
    List<C> values = values(written);
    if (!written.stream().allMatch(Weight::isConstant)) {
      weights.put(id, values);
    }
    return values;
  }

  private List<C> values(List<Weight> written) {
    List<C> values = new ArrayList<>(written.size());
    for (Weight weight : written) {
      values.add(arithmetic.weight(weight, site));
    }
    return values;
  }

  /** Whether all weights of another site of the same nodes are the same numbers. */
  boolean sameAs(SiteWeights<C> other) {
    return weights.equals(other.weights) && outside.equals(other.outside);
  }

  /** Weights of a sum's operands, or of a method's parameters. */
  List<C> weights(int id) {
    List<C> values = weights.get(id);
    if (values != null) {
      return values;
    }
    return switch (graph.node(id)) {
      case Node.Sum sum -> values(sum.edges().stream().map(Node.Edge::weight).toList());
      case Node.Method method -> values(method.parameters());
      case Node.Source _, Node.Fallback _, Node.Adjusted _, Node.Masked _, Node.Round _ ->
          throw new IllegalArgumentException("node " + id + " has no weights");
    };
  }

  /** The tensors that the weights are for. */
  Site site() {
    return site;
  }

  /** The coefficient sum of a node. */
  C kind(int id) {
    C kind = kinds.get(id);
    if (kind == null) {
      throw new IllegalArgumentException("node " + id + " is not below");
    }
    return kind;
  }
}
