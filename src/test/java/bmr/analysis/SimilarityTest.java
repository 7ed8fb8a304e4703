package bmr.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.analysis.Similarity.Comparison;
import bmr.engine.InnerProducts.Comparand;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel.Products;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.Part;
import bmr.model.Place;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tensors are compared and how they are added up; the streaming itself is the engine's. */
class SimilarityTest {
  private static final Shape SHAPE = Shape.of(2, 3);

  private static TensorFormula blend(int source) {
    var term = new LinearForm.Term(new Operand.Source(source), BigDecimal.ONE);
    return new TensorFormula.Blend(new LinearForm(List.of(term)));
  }

  private static FoldedTensor tensor(String key, Block block, Shape shape, TensorFormula formula) {
    return new FoldedTensor(key, shape, DType.F16, new Place(block, Part.UNET, true), 0, formula);
  }

  private static FoldedModel model(String name, FoldedTensor... tensors) {
    return new FoldedModel(
        name, Architecture.SD1, List.of("a", "b"), 0, List.of(tensors), List.of());
  }

  /** Products that tell which tensor and which version they come from. */
  private static List<List<Products>> numbered(List<Comparand> comparands) {
    var all = new ArrayList<List<Products>>();
    for (int i = 0; i < comparands.size(); i++) {
      var products = new ArrayList<Products>();
      for (int version = 0; version < comparands.get(i).versions().size(); version++) {
        products.add(new Products(1 << i, version, 0, 0));
      }
      all.add(products);
    }
    return all;
  }

  @Test
  void addsUpPerBlockAndCountsWhatOneSideLacks() {
    FoldedModel target =
        model(
            "target",
            tensor("out", Block.out(1), SHAPE, blend(0)),
            tensor("base", Block.BASE, SHAPE, blend(0)),
            tensor("base2", Block.BASE, SHAPE, blend(0)),
            tensor("ids", Block.BASE, Shape.of(1, 77), new TensorFormula.PositionIds()),
            tensor("steps", Block.BASE, Shape.of(1), new TensorFormula.Verbatim(0)),
            tensor("alone", Block.BASE, SHAPE, blend(0)));
    FoldedModel first =
        model(
            "first",
            tensor("base", Block.BASE, SHAPE, blend(1)),
            tensor("base2", Block.BASE, Shape.of(2, 3, 1, 1), blend(1)),
            tensor("ids", Block.BASE, Shape.of(1, 77), new TensorFormula.PositionIds()),
            tensor("out", Block.out(1), SHAPE, blend(1)),
            tensor("extra", Block.BASE, SHAPE, blend(1)));
    FoldedModel second =
        model(
            "second",
            tensor("base", Block.BASE, SHAPE, blend(1)),
            tensor("base2", Block.BASE, Shape.of(3, 2), blend(1)));
    List<Comparison> comparisons =
        Similarity.compare(List.of(first, second), target, SimilarityTest::numbered);

    Comparison one = comparisons.get(0);
    assertEquals("first", one.model());
    assertEquals("target", one.target());
    assertEquals(List.of(Block.BASE, Block.out(1)), List.copyOf(one.blocks().keySet()));
    assertEquals(new Products(2 + 4, 0, 0, 0), one.blocks().get(Block.BASE));
    assertEquals(new Products(1, 0, 0, 0), one.blocks().get(Block.out(1)));
    assertEquals(new Products(7, 0, 0, 0), one.total());
    assertEquals(1, one.onlyInModel());
    assertEquals(1, one.onlyInTarget());

    Comparison two = comparisons.get(1);
    assertEquals(List.of(Block.BASE), List.copyOf(two.blocks().keySet()));
    assertEquals(new Products(2, 1, 0, 0), two.total());
    assertEquals(1, two.onlyInModel());
    assertEquals(3, two.onlyInTarget());
  }
}
