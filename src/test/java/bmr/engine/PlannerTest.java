package bmr.engine;

import static bmr.engine.Build.blend;
import static bmr.engine.Build.call;
import static bmr.engine.Build.form;
import static bmr.engine.Build.source;
import static bmr.engine.Build.term;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.MergeProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Plan.Operation;
import bmr.engine.Plan.PlanClass;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.model.Block;
import bmr.model.Part;
import bmr.model.Place;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private final MemoryCheckpoint a = new MemoryCheckpoint("a");
  private final MemoryCheckpoint b = new MemoryCheckpoint("b");
  private final MemoryCheckpoint unused = new MemoryCheckpoint("unused");
  private final List<MemoryCheckpoint> sources = List.of(a, b, unused);
  private final Workshop workshop = Build.workshop(sources, Run.SMALL);

  private FoldedTensor tensor(Block block, Part part, String key, Shape shape, TensorFormula f) {
    for (MemoryCheckpoint source : sources) {
      DType type = source == b ? DType.F32 : DType.F16;
      source.with(key, type, shape, new double[(int) shape.elements()]);
    }
    return new FoldedTensor(key, shape, DType.F16, new Place(block, part, true), 0, f);
  }

  private Plan plan(OutputType type, FoldedTensor... tensors) {
    return Planner.plan(Build.model(sources, tensors), type, Run.LIMITS, workshop);
  }

  @Test
  void groupsByFormulaAndCountsBytes() {
    TensorFormula mix = blend(term("0.5", 0), term("0.5", 1));
    TensorFormula same = blend(term("0.5", 0), term("0.5", 1));
    Plan plan =
        plan(
            new OutputType.Uniform(DType.F16, DType.F32),
            tensor(Block.BASE, Part.CLIP, "clip", Shape.of(10), mix),
            tensor(Block.BASE, Part.VAE, "vae", Shape.of(20), blend(term("1", 0))),
            tensor(Block.in(1), Part.UNET, "in1", Shape.of(30), same),
            tensor(Block.in(2), Part.UNET, "in2", Shape.of(40), blend(term("1.0", 0))),
            tensor(Block.out(0), Part.UNET, "out", Shape.of(5, 2), mix));
    assertEquals(
        List.of(
            new PlanClass(
                List.of(Block.BASE, Block.in(1), Block.out(0)),
                List.of(Part.UNET, Part.CLIP),
                3,
                50,
                Operation.COMBINE,
                mix),
            new PlanClass(
                List.of(Block.BASE),
                List.of(Part.VAE),
                1,
                20,
                Operation.COMBINE,
                blend(term("1", 0))),
            new PlanClass(
                List.of(Block.in(2)),
                List.of(Part.UNET),
                1,
                40,
                Operation.COPY,
                blend(term("1.0", 0)))),
        plan.classes());
    assertEquals(
        List.of(
            new TensorInfo("clip", DType.F16, Shape.of(10)),
            new TensorInfo("vae", DType.F32, Shape.of(20)),
            new TensorInfo("in1", DType.F16, Shape.of(30)),
            new TensorInfo("in2", DType.F16, Shape.of(40)),
            new TensorInfo("out", DType.F16, Shape.of(5, 2))),
        plan.outputs());
    assertEquals(50 * 2 + 20 * 2 + 40 * 2 + 50 * 4, plan.readBytes());
    assertEquals(50 * 2 + 20 * 4 + 40 * 2, plan.writeBytes());
    assertEquals(
        List.of(
            new Plan.SourceUse("a", a.size(), 220),
            new Plan.SourceUse("b", b.size(), 200),
            new Plan.SourceUse("unused", unused.size(), 0)),
        plan.sources());
    assertEquals(
        List.of(List.of(), List.of(), List.of()),
        sources.stream().map(source -> source.reads).toList(),
        "planning reads nothing");
  }

  @Test
  void asSourceKeepsEachType() {
    FoldedTensor tensor =
        tensor(Block.BASE, Part.UNET, "t", Shape.of(3), blend(term("0.5", 0), term("0.5", 1)));
    var wide =
        new FoldedTensor(
            tensor.key(), tensor.shape(), DType.F32, tensor.place(), 0, tensor.formula());
    Plan plan = plan(new OutputType.AsSource(), wide);
    assertEquals(DType.F32, plan.outputs().getFirst().dtype());
  }

  @Test
  void callsAreMethodsAndCountTheirSourcesOnce() {
    TensorFormula formula =
        blend(
            term("0.5", call(TestMethods.POINTWISE, "1", source(0), form(term("2", 1)))),
            term("1", 0));
    Plan plan =
        plan(OutputType.of(DType.F16), tensor(Block.MID, Part.UNET, "t", Shape.of(9), formula));
    assertEquals(Operation.METHOD, plan.classes().getFirst().operation());
    assertEquals(9 * 6, plan.readBytes());
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    a.with("t", DType.F16, Shape.of(2, 3), new double[6]);
    b.with("t", DType.F16, Shape.of(3, 2), new double[6]);
    var tensor =
        new FoldedTensor(
            "t", Shape.of(2, 3), DType.F16, Build.BASE, 0, blend(term("1", 0), term("1", 1)));
    var thrown = assertThrows(ProblemException.class, () -> plan(OutputType.of(DType.F16), tensor));
    var problem = new MergeProblem.ShapeMismatch("t", "b", "[3, 2]", "[2, 3]");
    assertEquals(problem, thrown.diagnostics().getFirst().problem());
    assertEquals("`t` has the shape [3, 2] in `b`, where [2, 3] is needed", problem.message());
  }

  @Test
  void narrowModelsFitOnlyTheCommonChannels() {
    a.with("in", DType.F16, Shape.of(2, 9, 3, 3), new double[162]);
    b.with("in", DType.F16, Shape.of(2, 4, 3, 3), new double[72]);
    Shape shape = Shape.of(2, 9, 3, 3);
    var fine = new TensorFormula.Channels(form(term("1", 0), term("1", 1)), 4, source(0));
    assertEquals(
        162 * 2 + 72 * 2,
        plan(OutputType.of(DType.F16), Build.tensor("in", shape, fine)).readBytes());
    var wrong = new TensorFormula.Channels(form(term("1", 0), term("1", 1)), 4, source(1));
    assertThrows(
        ProblemException.class,
        () -> plan(OutputType.of(DType.F16), Build.tensor("in", shape, wrong)));
  }

  @Test
  void typesWithoutArithmeticAreNamed() {
    a.with("t", DType.F8_E8M0, Shape.of(6), new byte[6]);
    var thrown =
        assertThrows(
            ProblemException.class,
            () ->
                plan(
                    OutputType.of(DType.F16),
                    Build.tensor("t", Shape.of(6), blend(term("0.5", 0)))));
    assertEquals(
        new MergeProblem.TypeNotComputable("t", "a", "F8_E8M0"),
        thrown.diagnostics().getFirst().problem());
  }

  @Test
  void tooLittleMemoryNamesTheLeastThatWorks() {
    FoldedTensor tensor =
        tensor(
            Block.BASE,
            Part.UNET,
            "t",
            Shape.of(1000, 1000),
            blend(term("0.5", 0), term("0.5", 1)));
    var model = Build.model(sources, tensor);
    OutputType type = OutputType.of(DType.F16);
    var thrown =
        assertThrows(
            ProblemException.class, () -> Planner.plan(model, type, new Limits(2, 1000), workshop));
    var problem = (RunProblem.MemoryTooSmall) thrown.diagnostics().getFirst().problem();
    assertTrue(problem.minimum() < 2 << 20, problem.message());
    Plan least = Planner.plan(model, type, new Limits(2, problem.minimum()), workshop);
    assertTrue(least.peakMemory() <= problem.minimum());
    assertThrows(
        ProblemException.class,
        () -> Planner.plan(model, type, new Limits(2, problem.minimum() - 1), workshop));
    // and the run works with it
    Run.of(model, sources, type, new Limits(2, problem.minimum()), Run.SMALL, false);
  }
}
