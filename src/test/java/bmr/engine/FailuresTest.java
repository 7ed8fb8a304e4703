package bmr.engine;

import static bmr.engine.Build.blend;
import static bmr.engine.Build.tensor;
import static bmr.engine.Build.term;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.graph.FoldedModel;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever goes wrong, nothing is committed, the file is closed and no thread is left. */
class FailuresTest {
  private static final int ELEMENTS = 300_000;
  private final MemoryCheckpoint a = new MemoryCheckpoint("a");
  private final MemoryCheckpoint b = new MemoryCheckpoint("b");
  private final List<MemoryCheckpoint> sources = List.of(a, b);
  private MemoryFile file = new MemoryFile(0, 0);

  private void fill(DType type, double... first) {
    var random = new Random(7);
    for (String key : List.of("t0", "t1", "t2", "t3")) {
      for (MemoryCheckpoint source : sources) {
        double[] values = Build.gaussian(random, ELEMENTS, 0.1);
        if (source == a && key.equals("t2")) {
          System.arraycopy(first, 0, values, ELEMENTS - first.length, first.length);
        }
        source.with(key, type, Shape.of(ELEMENTS), values);
      }
    }
  }

  private FoldedModel model() {
    var tensors = new ArrayList<FoldedModel.FoldedTensor>();
    for (String key : List.of("t0", "t1", "t2", "t3")) {
      tensors.add(tensor(key, Shape.of(ELEMENTS), blend(term("0.5", 0), term("0.5", 1))));
    }
    return Build.model(sources, tensors);
  }

  private RunReport write(
      FoldedModel model, DType type, long room, boolean allow, BooleanSupplier cancelled) {
    Workshop workshop = Build.workshop(sources, Run.SMALL);
    Plan plan = Planner.plan(model, OutputType.of(type), new Limits(4, 64 << 20), workshop);
    return Materializer.write(
        plan,
        workshop,
        Path.of("nowhere", "target.safetensors"),
        Map.of(),
        allow,
        Progress.NONE,
        cancelled,
        (path, size) -> {
          file = new MemoryFile(size, room);
          return file;
        });
  }

  private Problem problem(DType type, long room) {
    var thrown =
        assertThrows(ProblemException.class, () -> write(model(), type, room, false, () -> false));
    return thrown.diagnostics().getFirst().problem();
  }

  @AfterEach
  void nothingIsLeft() {
    assertTrue(file.closed);
    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("bmr-"))
            .toList());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16", "F32", "F64"})
  void valuesThatAreNoNumbers(DType type) {
    fill(DType.F32, Double.NaN, 1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    Problem problem = problem(type, Long.MAX_VALUE);
    assertEquals(new RunProblem.NonFinite("t2", 3, type.tag()), problem);
    assertFalse(file.committed);
  }

  @Test
  void valuesThatOverflow() {
    fill(DType.F32, 200_000, 1e9, 1);
    assertEquals(new RunProblem.NonFinite("t2", 2, "F16"), problem(DType.F16, Long.MAX_VALUE));
    assertEquals(0, write(model(), DType.BF16, Long.MAX_VALUE, false, () -> false).nonFinite());
  }

  @Test
  void valuesThatAreNoNumbersInCopiedBytes() {
    fill(DType.F16, Double.NaN, 3);
    FoldedModel model = Build.model(sources, tensor("t2", Shape.of(ELEMENTS), blend(term("1", 0))));
    var thrown =
        assertThrows(
            ProblemException.class,
            () -> write(model, DType.F16, Long.MAX_VALUE, false, () -> false));
    assertEquals(
        "`t2` would hold 1 value that is NaN, infinite or too large for F16",
        thrown.diagnostics().getFirst().problem().message());
    assertFalse(file.committed);
  }

  @Test
  void valuesThatAreNoNumbersAreWrittenWhereThatIsAllowed() {
    fill(DType.F32, Double.NaN, 1, Double.NaN);
    RunReport report = write(model(), DType.F16, Long.MAX_VALUE, true, () -> false);
    assertEquals(2, report.nonFinite());
    assertTrue(file.committed);
  }

  @Test
  void aSourceThatBecameShorter() {
    fill(DType.F16);
    a.truncate((int) a.size() - 100);
    var problem = assertInstanceOf(RunProblem.SourceUnreadable.class, problem(DType.F16, 1 << 30));
    assertEquals(a.path(), problem.file());
    assertFalse(file.committed);
  }

  @Test
  void aDiskThatFillsUp() {
    fill(DType.F16);
    Problem problem = problem(DType.F16, 900_000);
    assertInstanceOf(RunProblem.WriteFailed.class, problem);
    assertFalse(file.committed);
  }

  @Test
  void cancelledAtAnyTime() {
    fill(DType.F16);
    for (int after = 0; after < 12; after++) {
      var left = new AtomicInteger(after);
      assertThrows(
          CancellationException.class,
          () ->
              write(model(), DType.F16, Long.MAX_VALUE, false, () -> left.getAndDecrement() <= 0));
      assertFalse(file.committed);
      nothingIsLeft();
    }
  }

  @Test
  void anInterruptedCaller() {
    fill(DType.F16);
    Thread.currentThread().interrupt();
    assertThrows(
        CancellationException.class,
        () -> write(model(), DType.F16, Long.MAX_VALUE, false, () -> false));
    assertTrue(Thread.interrupted());
    assertFalse(file.committed);
  }

  @Test
  void aFaultOfTheProgramIsNotHidden() {
    fill(DType.F16);
    BooleanSupplier broken =
        () -> {
          throw new IllegalStateException("broken");
        };
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () -> write(model(), DType.F16, Long.MAX_VALUE, false, broken));
    assertEquals("broken", thrown.getMessage());
    assertTrue(
        Arrays.stream(thrown.getSuppressed()).allMatch(IllegalStateException.class::isInstance));
  }

  @Test
  void aTargetThatIsASource() {
    fill(DType.F16);
    Workshop workshop = Build.workshop(sources, Run.SMALL);
    Plan plan = Planner.plan(model(), OutputType.of(DType.F16), Run.LIMITS, workshop);
    var opened = new ArrayList<Path>();
    var thrown =
        assertThrows(
            ProblemException.class,
            () ->
                Materializer.write(
                    plan,
                    workshop,
                    Path.of("nowhere", "b.safetensors"),
                    Map.of(),
                    false,
                    Progress.NONE,
                    () -> false,
                    (path, size) -> {
                      opened.add(path);
                      return new MemoryFile(size, size);
                    }));
    assertInstanceOf(RunProblem.TargetIsSource.class, thrown.diagnostics().getFirst().problem());
    assertEquals(List.of(), opened);
    file.close();
    assertNull(thrown.getCause());
  }
}
