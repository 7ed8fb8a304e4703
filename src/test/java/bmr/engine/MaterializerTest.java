package bmr.engine;

import static bmr.engine.Build.blend;
import static bmr.engine.Build.call;
import static bmr.engine.Build.form;
import static bmr.engine.Build.source;
import static bmr.engine.Build.tensor;
import static bmr.engine.Build.term;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.Test;

class MaterializerTest {
  private static final long SEED = 20_240_915;
  private final Random random = new Random(SEED);

  private final MemoryCheckpoint half = new MemoryCheckpoint("half");
  private final MemoryCheckpoint brain = new MemoryCheckpoint("brain");
  private final MemoryCheckpoint single = new MemoryCheckpoint("single");
  private final MemoryCheckpoint wide = new MemoryCheckpoint("wide");
  private final List<MemoryCheckpoint> sources = List.of(half, brain, single, wide);
  private final Oracle oracle = new Oracle(sources);

  private static final DType[] FLOATS = {
    DType.F16, DType.BF16, DType.F32, DType.F64, DType.F8_E4M3, DType.F8_E5M2
  };

  /** One tensor in every source, in the source's type. */
  private void fill(String key, Shape shape) {
    for (int i = 0; i < sources.size(); i++) {
      sources.get(i).with(key, FLOATS[i], shape, Build.gaussian(random, shape.elements(), 0.05));
    }
  }

  private void check(DType type, FoldedTensor... tensors) {
    FoldedModel model = Build.model(sources, tensors);
    sources.forEach(source -> source.reads.clear());
    Run run = Run.of(model, sources, type);
    for (int i = 0; i < tensors.length; i++) {
      DType written = run.plan().outputs().get(i).dtype();
      Agreement.check(tensors[i].key(), written, oracle.values(tensors[i]), run.bytes(i));
    }
    assertTrue(run.file().committed);
    assertTrue(run.file().closed);
    assertEquals(run.file().bytes.length, run.report().writtenBytes());
    everyReadIsPlanned(run);
  }

  /** Nothing is read but tensors that the plan counts, and what lies between two of them. */
  private void everyReadIsPlanned(Run run) {
    for (int i = 0; i < sources.size(); i++) {
      MemoryCheckpoint source = sources.get(i);
      if (run.plan().sources().get(i).readBytes() == 0) {
        assertEquals(List.of(), source.reads, source.name());
      }
      for (long[] read : source.reads) {
        boolean begins = false;
        boolean ends = false;
        for (FoldedTensor tensor : run.plan().model().tensors()) {
          if (Operands.sources(tensor.formula()).contains(i)) {
            var stored = Operands.stored(List.copyOf(sources), i, tensor.key());
            long end = stored.position() + stored.info().bytes();
            begins |= read[0] >= stored.position() && read[0] < end;
            ends |= read[0] + read[1] > stored.position() && read[0] + read[1] <= end;
          }
        }
        assertTrue(begins && ends, () -> source.name() + " at " + read[0] + " for " + read[1]);
      }
    }
  }

  @Test
  void combinesEveryTypeIntoEveryType() {
    fill("large", Shape.of(700, 500));
    fill("small", Shape.of(500));
    TensorFormula formula =
        blend(term("0.855", 0), term("0.18", 1), term("0.3739", 2), term("-0.4089", 3));
    for (DType type : FLOATS) {
      check(
          type,
          tensor("large", Shape.of(700, 500), formula),
          tensor("small", Shape.of(500), formula));
    }
  }

  @Test
  void shortDecimalsThatMakeTies() {
    Shape shape = Shape.of(100_000);
    double[] common = Build.gaussian(random, 100_000, 0.03);
    var related = new ArrayList<MemoryCheckpoint>();
    for (int i = 0; i < 3; i++) {
      double[] values = Build.gaussian(random, 100_000, 0.003);
      for (int e = 0; e < values.length; e++) {
        values[e] += common[e];
      }
      related.add(new MemoryCheckpoint("s" + i).with("t", DType.F16, shape, values));
    }
    for (var formula :
        List.of(
            blend(term("0.9", 0), term("0.1", 1)),
            blend(term("0.7", 0), term("0.3", 1)),
            blend(term("0.7", 0), term("0.2", 1), term("0.1", 2)),
            blend(term("1", 0), term("0.4", 1), term("-0.4", 2)))) {
      FoldedTensor tensor = tensor("t", shape, formula);
      Run run = Run.of(Build.model(related, tensor), related, DType.F16);
      Agreement.check("t", DType.F16, new Oracle(related).values(tensor), run.bytes(0));
    }
  }

  @Test
  void tenTermsWithDifferencesStayWithinOneUnit() {
    Shape shape = Shape.of(300_000);
    var many = new ArrayList<MemoryCheckpoint>();
    var terms = new ArrayList<LinearForm.Term>();
    double[] common = Build.gaussian(random, 300_000, 0.03);
    String[] weights = {
      "0.855", "0.18", "0.14", "0.32", "-0.4739", "0.08", "-0.08", "0.2", "-0.3", "0.0789"
    };
    for (int i = 0; i < weights.length; i++) {
      double[] values = Build.gaussian(random, 300_000, 0.004);
      for (int e = 0; e < values.length; e++) {
        values[e] += common[e];
      }
      many.add(
          new MemoryCheckpoint("s" + i).with("t", i == 4 ? DType.F32 : DType.F16, shape, values));
      terms.add(term(weights[i], i));
    }
    FoldedTensor tensor = tensor("t", shape, new TensorFormula.Blend(new LinearForm(terms)));
    Run run = Run.of(Build.model(many, tensor), many, DType.F16);
    Agreement.check("t", DType.F16, new Oracle(many).values(tensor), run.bytes(0));
  }

  @Test
  void copiesBytesOrChangesTheirType() {
    fill("t", Shape.of(300, 300));
    for (DType type : FLOATS) {
      for (int source = 0; source < 4; source++) {
        TensorFormula copy = blend(term("1.00", source));
        check(type, tensor("t", Shape.of(300, 300), copy));
        if (type == FLOATS[source]) {
          Run run = Run.of(model("t", Shape.of(300, 300), copy), sources, type);
          assertArrayEquals(sources.get(source).bytes("t"), run.bytes(0));
          assertEquals(Plan.Operation.COPY, run.plan().classes().getFirst().operation());
        }
      }
    }
  }

  private FoldedModel model(String key, Shape shape, TensorFormula formula) {
    return Build.model(sources, tensor(key, shape, formula));
  }

  @Test
  void verbatimBytesKeepTheirTypeAndPositionIdsAreMade() {
    half.with("steps", DType.I64, Shape.of(3), new double[] {5, 6, 7});
    half.with("packed", DType.F8_E4M3, Shape.of(5), new byte[] {1, 2, 3, 4, 5});
    single.with("position_ids", DType.F32, Shape.of(1, 77), new double[77]);
    FoldedModel model =
        Build.model(
            sources,
            tensor("steps", Shape.of(3), new TensorFormula.Verbatim(0)),
            tensor("packed", Shape.of(5), new TensorFormula.Verbatim(0)),
            tensor("position_ids", Shape.of(1, 77), new TensorFormula.PositionIds()));
    Run run = Run.of(model, sources, DType.F16);
    assertArrayEquals(half.bytes("steps"), run.bytes(0));
    assertArrayEquals(half.bytes("packed"), run.bytes(1));
    for (int i = 0; i < 77; i++) {
      assertEquals(i, run.values(2)[i]);
    }
    assertEquals(DType.I64, run.plan().outputs().get(2).dtype());
    assertEquals(List.of(), single.reads);
  }

  @Test
  void emptyTensorsAndScalars() {
    fill("empty", Shape.of(0, 5));
    fill("scalar", Shape.of());
    fill("one", Shape.of(1));
    TensorFormula formula = blend(term("0.25", 0), term("0.75", 2));
    for (DType type : FLOATS) {
      check(
          type,
          tensor("empty", Shape.of(0, 5), formula),
          tensor("scalar", Shape.of(), formula),
          tensor("one", Shape.of(1), formula));
    }
  }

  @Test
  void aFormWithoutTermsIsZero() {
    fill("t", Shape.of(100_000));
    Run run = Run.of(model("t", Shape.of(100_000), blend()), sources, DType.F16);
    assertArrayEquals(new double[100_000], run.values(0));
  }

  @Test
  void methodsNestBothWays() {
    Shape shape = Shape.of(300, 411);
    fill("t", shape);
    LinearForm mix = form(term("0.5", 0), term("0.25", 1));
    Operand pointwise = call(TestMethods.POINTWISE, "0.3", mix, source(2));
    Operand projected =
        call(
            TestMethods.PROJECTED,
            "0.7",
            form(term("1", pointwise)),
            form(term("2", 3), term("-1", 0)),
            source(1));
    Operand outer =
        call(
            TestMethods.PROJECTED,
            "0.2",
            form(term("0.5", projected), term("0.5", 1)),
            source(0),
            source(1));
    Operand around = call(TestMethods.POINTWISE, "2", form(term("1", outer)), mix);
    for (DType type : FLOATS) {
      check(
          type,
          tensor("t", shape, blend(term("0.9", around), term("0.1", projected), term("0.3", 3))));
    }
  }

  @Test
  void aMethodThatGivesOneOperandUnchangedReadsNoOther() {
    Shape shape = Shape.of(100_000);
    fill("t", shape);
    Operand second = call(TestMethods.SECOND, "1", source(1), source(0));
    Run run = Run.of(model("t", shape, blend(term("1", second))), sources, DType.F16);
    assertArrayEquals(half.bytes("t"), run.bytes(0));
    assertEquals(Plan.Operation.METHOD, run.plan().classes().getFirst().operation());
  }

  @Test
  void roundedValuesAreRoundedOnTheWay() {
    Shape shape = Shape.of(50_000);
    fill("t", shape);
    // binary fractions: with others, rounding a tie hangs on the order of additions
    for (DType step : FLOATS) {
      Operand rounded = new Operand.Rounded(step, form(term("0.375", 0), term("0.625", 2)));
      Operand twice = new Operand.Rounded(step, form(term("0.5", rounded), term("0.5", 1)));
      check(DType.F32, tensor("t", shape, blend(term("1", twice))));
      check(DType.F16, tensor("t", shape, blend(term("0.6", twice), term("0.4", rounded))));
    }
  }

  @Test
  void sharedOperandsAreComputedOnce() {
    Shape shape = Shape.of(10);
    fill("t", shape);
    Operand operand = new Operand.Source(0);
    for (int i = 0; i < 60; i++) {
      operand =
          call(
              TestMethods.POINTWISE,
              "0.01",
              form(term("0.5", operand), term("0.1", 1)),
              form(term("0.25", operand)));
    }
    // as a tree this has 2^60 nodes
    Run run = Run.of(model("t", shape, blend(term("1", operand))), sources, DType.F64);
    assertEquals(10, run.values(0).length);
    assertTrue(run.plan().peakMemory() < 4 << 20);
  }

  @Test
  void deepNestingNeedsNoStack() {
    Shape shape = Shape.of(10);
    fill("t", shape);
    Operand operand = new Operand.Source(0);
    for (int i = 0; i < 20_000; i++) {
      operand =
          new Operand.Rounded(
              DType.F32, form(new LinearForm.Term(operand, java.math.BigDecimal.ONE)));
    }
    Run run = Run.of(model("t", shape, blend(term("0.5", operand))), sources, DType.F32);
    assertEquals(half.values("t")[3] / 2, run.values(0)[3]);
  }

  @Test
  void channelsOfAnInpaintingModel() {
    Shape nine = Shape.of(321, 9, 3, 3);
    Shape four = Shape.of(321, 4, 3, 3);
    for (int i = 0; i < 4; i++) {
      Shape shape = i % 2 == 0 ? nine : four;
      sources.get(i).with("in", FLOATS[i], shape, Build.gaussian(random, shape.elements(), 0.1));
    }
    fill("next", Shape.of(7));
    Operand projected = call(TestMethods.PROJECTED, "0.5", source(1), source(2), source(0));
    for (DType type : FLOATS) {
      check(
          type,
          tensor(
              "in",
              nine,
              new TensorFormula.Channels(
                  form(term("1", 0), term("0.5", 1), term("-0.5", 3)), 4, source(0))),
          tensor("next", Shape.of(7), blend(term("0.5", 0), term("0.5", 1))));
      check(
          type,
          tensor(
              "in",
              nine,
              new TensorFormula.Channels(
                  form(term("0.5", 2), term("0.25", projected)), 4, form(term("0.5", 2)))));
    }
  }

  @Test
  void twoSpellingsOfOneShape() {
    half.with("proj", DType.F16, Shape.of(20, 30), Build.gaussian(random, 600, 1));
    brain.with("proj", DType.BF16, Shape.of(20, 30, 1, 1), Build.gaussian(random, 600, 1));
    check(DType.F16, tensor("proj", Shape.of(20, 30), blend(term("0.5", 0), term("0.5", 1))));
  }
}
