package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.OutputFile;
import bmr.checkpoint.OutputLayout;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.Operand.Application;
import bmr.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/** Carries plans out: reads ranges, computes block by block, writes one file. */
public final class Materializer {
  private final Plan plan;
  private final Workshop workshop;
  private final Path target;
  private final boolean allowNonFinite;
  private final ThrottledProgress progress;
  private final Crew crew;
  private final Budget budget;
  private final AtomicLong readBytes = new AtomicLong();
  private final AtomicLongArray nonFinite;

  private Materializer(
      Plan plan,
      Workshop workshop,
      Path target,
      boolean allowNonFinite,
      Progress progress,
      BooleanSupplier cancelled) {
    this.plan = plan;
    this.workshop = workshop;
    this.target = target;
    this.allowNonFinite = allowNonFinite;
    this.progress = new ThrottledProgress(progress, plan.writeBytes());
    this.crew = new Crew(cancelled);
    this.budget = Planner.budget(plan.model(), plan.outputs(), plan.limits(), workshop);
    this.nonFinite = new AtomicLongArray(plan.outputs().size());
  }

  /**
   * Makes the file. The target appears whole or stays as it was; the bytes do not depend on the
   * plan's limits.
   *
   * @param cancelled asked for every chunk of work; true ends the run with a {@link
   *     java.util.concurrent.CancellationException} and no litter
   * @throws bmr.diagnostic.ProblemException with a RunProblem for space, unwritable folders, values
   *     that do not fit the type
   */
  public static RunReport write(
      Plan plan,
      List<Checkpoint> sources,
      Path target,
      Map<String, String> metadata,
      boolean allowNonFinite,
      Progress progress,
      BooleanSupplier cancelled) {
    return write(
        plan,
        sources,
        OutputLayout.of(target, plan.outputs(), metadata, OptionalLong.empty()),
        allowNonFinite,
        progress,
        cancelled);
  }

  /**
   * Makes one file or several.
   *
   * @param layout of the plan's outputs
   */
  public static RunReport write(
      Plan plan,
      List<Checkpoint> sources,
      OutputLayout layout,
      boolean allowNonFinite,
      Progress progress,
      BooleanSupplier cancelled) {
    return new Materializer(
            plan, Workshop.over(sources), layout.target(), allowNonFinite, progress, cancelled)
        .write(layout, OutputFile::create);
  }

  /** The same with other arithmetic, sizes or files. */
  static RunReport write(
      Plan plan,
      Workshop workshop,
      Path target,
      Map<String, String> metadata,
      boolean allowNonFinite,
      Progress progress,
      BooleanSupplier cancelled,
      BiFunction<Path, Long, OutputFile> files) {
    return new Materializer(plan, workshop, target, allowNonFinite, progress, cancelled)
        .write(OutputLayout.of(target, plan.outputs(), metadata, OptionalLong.empty()), files);
  }

  private RunReport write(OutputLayout layout, BiFunction<Path, Long, OutputFile> files) {
    long start = System.nanoTime();
    layout.files().forEach(this::refuseSources);
    try (OutputFile file = layout.create(files)) {
      try {
        layout.writeHeaders(file);
        List<List<AfterProducts.Call>> calls =
            plan.model().tensors().stream()
                .map(tensor -> AfterProducts.calls(tensor, workshop))
                .toList();
        try (var writeBehind = new WriteBehind(file, target, workshop.tuning().flush(), crew)) {
          for (int from = 0; from < calls.size(); ) {
            int to = AfterProducts.waveEnd(from, calls, workshop);
            make(from, calls.subList(from, to), layout, file, writeBehind);
            refuseNonFinite();
            from = to;
          }
        }
        crew.rethrow();
        file.commit();
      } catch (IOException e) {
        throw new ProblemException(new RunProblem.WriteFailed(target, Loader.reason(e)));
      }
    }
    return new RunReport(
        target,
        readBytes.get(),
        layout.size(),
        countNonFinite(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** Makes a wave of tensors. */
  private void make(
      int from,
      List<List<AfterProducts.Call>> calls,
      OutputLayout layout,
      OutputFile file,
      WriteBehind writeBehind) {
    AfterProducts.resolve(
        calls.stream().flatMap(List::stream).toList(), workshop, budget, crew, readBytes);
    var works = new ArrayList<TensorWork>();
    for (int i = from; i < from + calls.size(); i++) {
      FoldedTensor tensor = plan.model().tensors().get(i);
      List<IdentityHashMap<Application, double[]>> coefficients =
          calls.get(i - from).stream().map(call -> call.coefficients).toList();
      works.add(workshop.work(tensor, plan.outputs().get(i), coefficients));
    }
    var cutter = new Cutter(works, from, layout.positions(), budget);
    var shared =
        new Writing.Shared(
            workshop,
            budget,
            cutter,
            file,
            writeBehind,
            target,
            readBytes,
            nonFinite,
            !allowNonFinite,
            progress);
    crew.run(budget.workers(), Writing.hiring(shared));
  }

  private void refuseSources(Path file) {
    for (Checkpoint source : workshop.sources()) {
      if (OutputFile.sameFile(file, source.path())) {
        throw new ProblemException(new RunProblem.TargetIsSource(file, source.name()));
      }
    }
  }

  private void refuseNonFinite() {
    for (int i = 0; i < nonFinite.length() && !allowNonFinite; i++) {
      if (nonFinite.get(i) > 0) {
        TensorInfo output = plan.outputs().get(i);
        throw new ProblemException(
            new RunProblem.NonFinite(output.key(), nonFinite.get(i), output.dtype().tag()));
      }
    }
  }

  private long countNonFinite() {
    long sum = 0;
    for (int i = 0; i < nonFinite.length(); i++) {
      sum += nonFinite.get(i);
    }
    return sum;
  }
}
