package bmr.graph;

import bmr.model.Weight.Site;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a part of the graph for the tensors of one site, and the coefficient sum ("kind")
 * of each node there: 1 for a model, 0 for a difference.
 */
final class SiteWeights<C> {
  private final List<@Nullable List<C>> weights;
  private final List<@Nullable C> kinds;
  private final Site site;

  /**
   * Evaluates everything below a node.
   *
   * @param order ids of the nodes, going up
   */
  SiteWeights(ModelGraph graph, int[] order, Coefficients<C> arithmetic, Site site) {
    this.site = site;
    weights = new ArrayList<>(java.util.Collections.nCopies(graph.size(), null));
    kinds = new ArrayList<>(java.util.Collections.nCopies(graph.size(), null));
    for (int id : order) {
      switch (graph.node(id)) {
        case Node.Source source -> kinds.set(id, arithmetic.one());
        case Node.Sum sum -> {
          List<C> values = new ArrayList<>(sum.edges().size());
          C kind = arithmetic.zero();
          for (Node.Edge edge : sum.edges()) {
            C value = arithmetic.weight(edge.weight(), site);
            values.add(value);
            kind = arithmetic.add(kind, arithmetic.multiply(value, kind(edge.node())));
          }
          weights.set(id, values);
          kinds.set(id, kind);
        }
        case Node.Method method -> {
          weights.set(
              id,
              method.parameters().stream().map(weight -> arithmetic.weight(weight, site)).toList());
          kinds.set(id, arithmetic.one());
        }
        case Node.Fallback fallback -> kinds.set(id, kind(fallback.alternatives().getFirst()));
        case Node.Adjusted adjusted -> kinds.set(id, kind(adjusted.operand()));
        case Node.Round round -> kinds.set(id, kind(round.operand()));
      }
    }
  }

  /** Whether all weights of another site are the same numbers. */
  boolean sameAs(SiteWeights<C> other) {
    return weights.equals(other.weights);
  }

  /** Weights of a sum's operands, or of a method's parameters. */
  List<C> weights(int id) {
    List<C> values = weights.get(id);
    if (values == null) {
      throw new IllegalArgumentException("node " + id + " has no weights");
    }
    return values;
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
