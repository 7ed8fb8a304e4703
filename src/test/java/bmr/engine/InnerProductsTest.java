package bmr.engine;

import static bmr.engine.Build.blend;
import static bmr.engine.Build.call;
import static bmr.engine.Build.form;
import static bmr.engine.Build.source;
import static bmr.engine.Build.tensor;
import static bmr.engine.Build.term;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.diagnostic.ProblemException;
import bmr.engine.InnerProducts.Comparand;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel.Products;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InnerProductsTest {
  private final Random random = new Random(5);
  private final MemoryCheckpoint a = new MemoryCheckpoint("a");
  private final MemoryCheckpoint b = new MemoryCheckpoint("b");
  private final List<MemoryCheckpoint> sources = List.of(a, b);
  private final Oracle oracle = new Oracle(sources);

  private List<List<Products>> products(Limits limits, List<Comparand> comparands) {
    Workshop workshop = Build.workshop(sources, Run.SMALL);
    return InnerProducts.of(comparands, workshop, limits, Progress.NONE, () -> false);
  }

  private void check(Comparand comparand) {
    List<Products> first = products(Run.LIMITS, List.of(comparand)).getFirst();
    double[] right =
        oracle.values(tensor(comparand.key(), comparand.shape(), comparand.reference()));
    for (int version = 0; version < first.size(); version++) {
      TensorFormula formula = comparand.versions().get(version);
      double[] left = oracle.values(tensor(comparand.key(), comparand.shape(), formula));
      double leftLeft = 0;
      double leftRight = 0;
      double rightRight = 0;
      double distance = 0;
      for (int i = 0; i < left.length; i++) {
        leftLeft += left[i] * left[i];
        leftRight += left[i] * right[i];
        rightRight += right[i] * right[i];
        distance += (left[i] - right[i]) * (left[i] - right[i]);
      }
      Products found = first.get(version);
      assertEquals(leftLeft, found.leftLeft(), 1e-12 * leftLeft);
      assertEquals(leftRight, found.leftRight(), 1e-12 * (leftLeft + rightRight));
      assertEquals(rightRight, found.rightRight(), 1e-12 * rightRight);
      assertEquals(distance, found.distance(), 1e-12 * (leftLeft + rightRight));
    }
    for (int threads : new int[] {1, 3, 8}) {
      for (long memory : new long[] {3 << 20, 64 << 20}) {
        var limits = new Limits(threads, memory);
        assertEquals(first, products(limits, List.of(comparand)).getFirst(), limits.toString());
      }
    }
  }

  @Test
  void severalVersionsInOnePass() {
    Shape shape = Shape.of(300, 701);
    a.with("t", DType.F16, shape, Build.gaussian(random, shape.elements(), 0.1));
    b.with("t", DType.F32, shape, Build.gaussian(random, shape.elements(), 0.1));
    check(
        new Comparand(
            "t",
            shape,
            List.of(
                blend(term("1", 0)),
                blend(term("0.7", 0), term("0.3", 1)),
                blend(term("1", 1)),
                blend(term("0.5", call(TestMethods.SECOND, "1", source(0), source(1))))),
            blend(term("1", 1))));
  }

  @Test
  void channelSplitsAgainstWholeTensors() {
    Shape nine = Shape.of(40, 9, 3, 3);
    Shape four = Shape.of(40, 4, 3, 3);
    a.with("in", DType.F16, nine, Build.gaussian(random, nine.elements(), 0.1));
    b.with("in", DType.F16, four, Build.gaussian(random, four.elements(), 0.1));
    check(
        new Comparand(
            "in",
            nine,
            List.of(
                new TensorFormula.Channels(
                    form(term("0.5", 0), term("0.5", 1)), 4, form(term("1", 0)))),
            blend(term("1", 0))));
  }

  @Test
  void emptyTensorsHaveNoProducts() {
    a.with("t", DType.F16, Shape.of(0), new double[0]);
    assertEquals(
        List.of(List.of(Products.ZERO)),
        products(
            Run.LIMITS,
            List.of(
                new Comparand(
                    "t", Shape.of(0), List.of(blend(term("1", 0))), blend(term("1", 0))))));
  }

  @Test
  void shapesAreChecked() {
    a.with("t", DType.F16, Shape.of(10), new double[10]);
    b.with("t", DType.F16, Shape.of(4), new double[4]);
    var comparand =
        new Comparand("t", Shape.of(10), List.of(blend(term("1", 0))), blend(term("1", 1)));
    assertThrows(ProblemException.class, () -> products(Run.LIMITS, List.of(comparand)));
    assertEquals(List.of(), b.reads);
  }
}
