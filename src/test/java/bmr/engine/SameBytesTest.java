package bmr.engine;

import static bmr.engine.Build.call;
import static bmr.engine.Build.term;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random models: right by the oracle, and the same bytes whatever the limits are. */
class SameBytesTest {
  private static final DType[] FLOATS = {DType.F16, DType.BF16, DType.F32, DType.F64};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void limitsChangeNothing(long seed) {
    var random = new Random(seed);
    var sources = new ArrayList<MemoryCheckpoint>();
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      sources.add(new MemoryCheckpoint("s" + i));
    }
    var tensors = new ArrayList<FoldedTensor>();
    for (int t = 0; t < 6; t++) {
      Shape shape =
          random.nextInt(3) == 0
              ? Shape.of(1 + random.nextInt(400), 1 + random.nextInt(900))
              : Shape.of(random.nextInt(5000));
      String key = "t" + t;
      for (MemoryCheckpoint source : sources) {
        double[] values = Build.gaussian(random, shape.elements(), 0.1);
        source.with(key, FLOATS[random.nextInt(4)], shape, values);
      }
      var formula = new TensorFormula.Blend(form(random, count, 3));
      tensors.add(Build.tensor(key, shape, formula));
    }
    FoldedModel model = Build.model(sources, tensors);
    DType type = FLOATS[random.nextInt(4)];
    byte[] first = null;
    for (int threads : new int[] {1, 2, 8}) {
      for (long memory : new long[] {12 << 20, 32 << 20, 400 << 20}) {
        var limits = new Limits(threads, memory);
        var tuning =
            new Tuning(1 + random.nextInt(3), 1 << 20 + random.nextInt(5), 300_000, 700_000);
        Run run = Run.of(model, sources, OutputType.of(type), limits, tuning, true);
        assertTrue(run.plan().peakMemory() <= memory);
        if (first == null) {
          first = run.file().bytes;
          for (int t = 0; t < tensors.size(); t++) {
            String what = "seed " + seed + ", " + tensors.get(t);
            double[] expected = new Oracle(sources).values(tensors.get(t));
            Agreement.check(what, type, expected, run.bytes(t));
          }
        }
        assertArrayEquals(first, run.file().bytes, "seed " + seed + ", " + limits);
      }
    }
  }

  private static LinearForm form(Random random, int sources, int depth) {
    var terms = new ArrayList<LinearForm.Term>();
    var used = new ArrayList<Integer>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      String coefficient =
          random.nextInt(5) == 0 ? "1" : String.valueOf(random.nextInt(1, 99) / 64.0);
      if (depth > 0 && random.nextInt(3) == 0) {
        terms.add(term(coefficient, operand(random, sources, depth - 1)));
        continue;
      }
      int source = random.nextInt(sources);
      if (!used.contains(source)) {
        used.add(source);
        terms.add(term(coefficient, source));
      }
    }
    return new LinearForm(terms);
  }

  private static Operand operand(Random random, int sources, int depth) {
    List<LinearForm> below =
        List.of(
            form(random, sources, depth),
            form(random, sources, depth),
            form(random, sources, depth));
    return switch (random.nextInt(4)) {
      case 0 -> call(TestMethods.POINTWISE, "0.5", below.get(0), below.get(1));
      case 1 -> call(TestMethods.PROJECTED, "0.5", below.get(0), below.get(1), below.get(2));
      case 2 -> call(TestMethods.SECOND, "0.5", below.get(0), below.get(1));
      default -> new Operand.Rounded(DType.F64, below.get(0));
    };
  }
}
