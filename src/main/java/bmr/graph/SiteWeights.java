package bmr.graph;

import bmr.model.Weight;
import bmr.model.Weight.Site;
import java.util.ArrayList;
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
        case Node.Round round -> kinds.set(id, kind(round.operand()));
      }
    }
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
    return weights.equals(other.weights);
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
      case Node.Source _, Node.Fallback _, Node.Adjusted _, Node.Round _ ->
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
