package bmr.graph;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.Component;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.Weight.Site;
import java.util.BitSet;
import java.util.List;

/**
 * Finds the primary operand: the leftmost model as written, of a chain that of its leftmost
 * operand. A difference is no model, so in {@code (B - C) x 0.5 + A} it is A.
 */
final class PrimarySource {
  private final ModelGraph graph;
  private final Architecture architecture;
  private final Coefficients<?> arithmetic;

  PrimarySource(ModelGraph graph, Architecture architecture, Coefficients<?> arithmetic) {
    this.graph = graph;
    this.architecture = architecture;
    this.arithmetic = arithmetic;
  }

  int of(int root, int[] order) {
    return find(root, models(order, arithmetic), telling(order));
  }

  /** Whether markers and schedules of the primary operand are those of the model. */
  boolean tells(int root, int[] order) {
    return telling(order).get(root);
  }

  /** Nodes that are more than a text encoder or a VAE, of which alone no marker tells. */
  private BitSet telling(int[] order) {
    BitSet telling = new BitSet();
    for (int id : order) {
      boolean part =
          graph.node(id) instanceof Node.Masked(var component, _) && component != Component.UNET;
      List<Integer> operands = graph.operands(id);
      telling.set(id, !part && (operands.isEmpty() || operands.stream().anyMatch(telling::get)));
    }
    return telling;
  }

  /** The nodes that are a model in one block at least. */
  private <C> BitSet models(int[] order, Coefficients<C> coefficients) {
    BitSet models = new BitSet();
    for (Block block : constant(order) ? List.of(Block.BASE) : architecture.blocks()) {
      Part part = block.equals(Block.BASE) ? Part.OTHER : Part.UNET;
      Site site = new Site(architecture, new Place(block, part, true), "");
      SiteWeights<C> weights = new SiteWeights<>(graph, order, coefficients, site);
      for (int id : order) {
        if (!models.get(id) && !coefficients.isDifference(weights.kind(id))) {
          models.set(id);
        }
      }
    }
    return models;
  }

  /** Whether all weights are numbers, so that all blocks are alike. */
  private boolean constant(int[] order) {
    for (int id : order) {
      if (graph.node(id) instanceof Node.Sum sum
          && !sum.edges().stream().allMatch(edge -> edge.weight().isConstant())) {
        return false;
      }
    }
    return true;
  }

  private int find(int root, BitSet models, BitSet telling) {
    int node = root;
    while (!(graph.node(node) instanceof Node.Source)) {
      List<Integer> operands = graph.operands(node);
      node =
          operands.stream()
              .filter(operand -> models.get(operand) && telling.get(operand))
              .findFirst()
              .or(() -> operands.stream().filter(models::get).findFirst())
              .orElse(operands.getFirst());
    }
    return ((Node.Source) graph.node(node)).index();
  }
}
