package bmr.graph;

import bmr.model.Architecture;
import bmr.model.Block;
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
    return find(root, models(order, arithmetic));
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

  private int find(int root, BitSet models) {
    int node = root;
    while (!(graph.node(node) instanceof Node.Source)) {
      List<Integer> operands = graph.operands(node);
      node = operands.stream().filter(models::get).findFirst().orElse(operands.getFirst());
    }
    return ((Node.Source) graph.node(node)).index();
  }
}
