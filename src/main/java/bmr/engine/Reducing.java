package bmr.engine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The work of one thread that computes inner products: read stretches of regions, add them up. */
final class Reducing implements Crew.Worker {
  private final Queue queue;
  private final Arena arena = Arena.ofConfined();
  private final Loader loader;
  private final Registers registers;

  /** Some elements of a region. */
  private record Stretch(Reduction reduction, long from, long to, List<Span> spans) {}

  /** Gives stretches out that fit a worker's buffer, several small ones together. */
  private static final class Queue {
    private final List<Reduction> reductions;
    private final long input;
    private int next;
    private long element;

    Queue(List<Reduction> reductions, long input) {
      this.reductions = reductions;
      this.input = input;
    }

    synchronized List<Stretch> next() {
      var stretches = new ArrayList<Stretch>();
      long left = input;
      while (next < reductions.size()) {
        Reduction reduction = reductions.get(next);
        long all = reduction.region.elements();
        if (element == all) {
          next++;
          element = 0;
          continue;
        }
        long end = element;
        while (end < all) {
          long further = Math.min(all, end + TensorWork.GRAIN);
          if (reduction.inputBytes(element, further) > left) {
            break;
          }
          end = further;
        }
        if (end == element) {
          break;
        }
        List<Span> spans = Batch.Piece.spans(reduction.program.slots(), element, end);
        stretches.add(new Stretch(reduction, element, end, spans));
        left -= reduction.inputBytes(element, end);
        element = end;
      }
      return stretches;
    }
  }

  private final @Nullable ThrottledProgress progress;

  private Reducing(
      Queue queue,
      Workshop workshop,
      Budget budget,
      AtomicLong readBytes,
      @Nullable ThrottledProgress progress) {
    this.queue = queue;
    this.loader =
        new Loader(arena.allocate(Math.max(1, budget.input())), workshop.sources(), readBytes);
    this.registers = new Registers(workshop.kernel());
    this.progress = progress;
  }

  /** Computes all of some reductions. */
  static void run(
      List<Reduction> reductions,
      Workshop workshop,
      Budget budget,
      Crew crew,
      AtomicLong readBytes,
      @Nullable ThrottledProgress progress) {
    var queue = new Queue(reductions, budget.input());
    crew.run(budget.workers(), () -> new Reducing(queue, workshop, budget, readBytes, progress));
  }

  @Override
  public boolean step() {
    List<Stretch> stretches = queue.next();
    if (stretches.isEmpty()) {
      return false;
    }
    loader.load(stretches.stream().flatMap(stretch -> stretch.spans().stream()).toList());
    for (Stretch stretch : stretches) {
      var input =
          new BlockInput(
              loader.buffer,
              stretch.reduction().program.slots(),
              stretch.from(),
              Writing.addresses(stretch.spans()));
      stretch.reduction().compute(registers, input, stretch.from(), stretch.to());
      if (progress != null) {
        progress.add(stretch.to() - stretch.from());
      }
    }
    return true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
