package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Inner products of all pairs of several models, tensor by tensor, in one pass over them. The
 * numbers are the same for any thread count and memory limit.
 */
public final class GramScan {
  /** Bytes that a worker reads at once. */
  private static final Tuning TUNING = new Tuning(2, 4L << 20, 0, 0);

  private GramScan() {}

  /**
   * A tensor.
   *
   * @param holders the sources that hold it, by index; the first holds the origin
   * @param known the first so many holders, whose products with each other are not wanted
   */
  public record Target(String key, Shape shape, List<Integer> holders, int known) {
    public Target {
      holders = List.copyOf(holders);
      if (holders.isEmpty() || known < 0 || known >= holders.size()) {
        throw new IllegalArgumentException("nothing to compute of " + key);
      }
    }

    /** The pairs that are wanted. */
    public int pairs() {
      return triangle(holders.size()) - triangle(known);
    }

    private static int triangle(int operands) {
      return operands * (operands + 1) / 2;
    }
  }

  /** Takes numbers, one call at a time, in no particular order of targets. */
  public interface Sink {
    /**
     * A target is finished.
     *
     * @param target its index
     * @param sums over the holders from {@code known} on, of the origin and of the differences from
     *     it
     * @param products of them: column after column of the upper triangle, from the column {@code
     *     known} on
     */
    void finished(int target, double[] sums, double[] products);
  }

  /**
   * Computes.
   *
   * @param progress told bytes of input
   * @throws ProblemException with a RunProblem where memory is too little or a source cannot be
   *     read
   * @throws java.util.concurrent.CancellationException if cancelled; what the sink has got is valid
   */
  public static void run(
      List<Target> targets,
      List<Checkpoint> sources,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled,
      Sink sink) {
    run(targets, Workshop.over(sources), TUNING, limits, progress, cancelled, sink);
  }

  static void run(
      List<Target> targets,
      Workshop workshop,
      Tuning tuning,
      Limits limits,
      Progress progress,
      BooleanSupplier cancelled,
      Sink sink) {
    var works = new ArrayList<GramWork>();
    Budget.Need need = Budget.Need.LEAST;
    long bytes = 0;
    for (int i = 0; i < targets.size(); i++) {
      var work = new GramWork(i, targets.get(i), workshop.sources());
      if (work.elements() == 0) {
        Target target = targets.get(i);
        int fresh = target.holders().size() - target.known();
        sink.finished(i, new double[fresh], new double[target.pairs()]);
        continue;
      }
      works.add(work);
      need = need.max(work.need());
      bytes += work.inputBytes(0, work.elements());
    }
    Budget budget = Budget.of(limits, need, tuning);
    var queue = new GramWorker.Queue(works, budget.input());
    var throttled = new ThrottledProgress(progress, bytes);
    var readBytes = new AtomicLong();
    var crew = new Crew(cancelled);
    crew.run(
        budget.workers(),
        () -> new GramWorker(queue, workshop, budget, readBytes, throttled, sink));
  }
}
