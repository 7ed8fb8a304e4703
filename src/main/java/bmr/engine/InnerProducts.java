package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.graph.LinearForm;
import bmr.graph.Operand.Application;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel.Products;
import bmr.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Inner products of tensors that formulas make, without writing them: every source is streamed once
 * for all formulas. The sums are the same for any thread count and memory limit.
 */
public final class InnerProducts {
  private InnerProducts() {}

  /**
   * A tensor in several versions and the one they are compared with.
   *
   * @param shape of all of them
   * @param versions blends or channel splits; so is the reference
   */
  public record Comparand(
      String key, Shape shape, List<TensorFormula> versions, TensorFormula reference) {
    public Comparand {
      versions = List.copyOf(versions);
    }
  }

  /**
   * Streams tensors.
   *
   * @param sources by the formulas' source indices
   * @param progress told elements of the comparands instead of bytes
   * @return for each comparand, for each version: left the version, right the reference
   * @throws ProblemException with a MergeProblem where shapes do not fit, with a RunProblem where
   *     memory is too little or a source cannot be read
   */
  public static List<List<Products>> of(
      List<Comparand> comparands,
      List<Checkpoint> sources,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled) {
    return of(comparands, Workshop.over(sources), limits, progress, cancelled);
  }

  static List<List<Products>> of(
      List<Comparand> comparands,
      Workshop workshop,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled) {
    refuseMisfits(comparands, workshop.sources());
    var calls = new ArrayList<List<AfterProducts.Call>>();
    Budget.Need need = Budget.Need.LEAST;
    long elements = 0;
    for (Comparand comparand : comparands) {
      List<AfterProducts.Call> own = calls(comparand, workshop);
      calls.add(own);
      elements += comparand.shape().elements();
      for (AfterProducts.Call call : own) {
        need = need.max(AfterProducts.need(call, workshop));
        need = need.max(reduction(call, workshop, Workshop::unknown).need());
      }
    }
    Budget budget = Budget.of(limits, need, workshop.tuning());
    var crew = new Crew(cancelled);
    var throttled = new ThrottledProgress(progress, elements);
    var results = new ArrayList<List<Products>>();
    int from = 0;
    while (from < comparands.size()) {
      int to = AfterProducts.waveEnd(from, calls, workshop);
      List<List<AfterProducts.Call>> wave = calls.subList(from, to);
      var flat = wave.stream().flatMap(List::stream).toList();
      var readBytes = new AtomicLong();
      AfterProducts.resolve(flat, workshop, budget, crew, readBytes);
      var reductions = new ArrayList<Reduction>();
      for (AfterProducts.Call call : flat) {
        reductions.add(reduction(call, workshop, call::coefficients));
      }
      Reducing.run(reductions, workshop, budget, crew, readBytes, throttled);
      int next = 0;
      for (int i = from; i < to; i++) {
        int versions = comparands.get(i).versions().size();
        var sums = new ArrayList<>(Collections.nCopies(versions, Products.ZERO));
        for (int region = 0; region < calls.get(i).size(); region++) {
          List<Products> part = reductions.get(next++).result();
          for (int version = 0; version < versions; version++) {
            sums.set(version, sums.get(version).plus(part.get(version)));
          }
        }
        results.add(List.copyOf(sums));
      }
      from = to;
    }
    return results;
  }

  private static void refuseMisfits(List<Comparand> comparands, List<Checkpoint> sources) {
    var problems = new ArrayList<Diagnostic>();
    for (Comparand comparand : comparands) {
      var formulas = new ArrayList<>(comparand.versions());
      formulas.add(comparand.reference());
      for (TensorFormula formula : formulas) {
        Planner.misfits(comparand.key(), comparand.shape(), formula, sources).stream()
            .map(Diagnostic::of)
            .forEach(problems::add);
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems.stream().distinct().toList());
    }
  }

  private static List<AfterProducts.Call> calls(Comparand comparand, Workshop workshop) {
    if (comparand.shape().elements() == 0) {
      return List.of();
    }
    var formulas = new ArrayList<>(comparand.versions());
    formulas.add(comparand.reference());
    var calls = new ArrayList<AfterProducts.Call>();
    for (Region region : Region.of(comparand.key(), comparand.shape(), formulas)) {
      var forms = new ArrayList<LinearForm>();
      for (TensorFormula formula : formulas) {
        forms.add(region.form(formula));
      }
      calls.add(new AfterProducts.Call(region, forms, workshop));
    }
    return calls;
  }

  private static Reduction reduction(
      AfterProducts.Call call, Workshop workshop, Function<Application, double[]> known) {
    BlockProgram program =
        Compiler.compile(call.region, call.forms, workshop.sources(), workshop.methods(), known);
    int reference = call.forms.size() - 1;
    var pairs = new ArrayList<Reduction.Pair>();
    for (int version = 0; version < reference; version++) {
      pairs.add(new Reduction.Pair(version, reference));
    }
    return new Reduction(call.region, program, pairs);
  }
}
