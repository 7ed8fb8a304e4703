package bmr.graph;

import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.Part;
import bmr.model.Place;
import bmr.model.Weight.Site;
import java.util.ArrayList;
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
    return find(root, kinds(order, arithmetic));
  }

  private <C> List<KindTest> kinds(int[] order, Coefficients<C> coefficients) {
    List<KindTest> tests = new ArrayList<>();
    for (Block block : architecture.blocks()) {
      Part part = block.equals(Block.BASE) ? Part.OTHER : Part.UNET;
      Site site = new Site(architecture, new Place(block, part, true), "");
      SiteWeights<C> weights = new SiteWeights<>(graph, order, coefficients, site);
      tests.add(node -> !coefficients.isDifference(weights.kind(node)));
    }
    return tests;
  }

  /** Whether a node is a model, in one block. */
  private interface KindTest {
    boolean isModel(int node);
  }

  private int find(int root, List<KindTest> tests) {
    int node = root;
    while (!(graph.node(node) instanceof Node.Source)) {
      List<Integer> operands = graph.operands(node);
      node =
          operands.stream()
              .filter(operand -> tests.stream().anyMatch(test -> test.isModel(operand)))
              .findFirst()
              .orElse(operands.getFirst());
    }
    return ((Node.Source) graph.node(node)).index();
  }
}
