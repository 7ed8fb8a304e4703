package bmr.engine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The work of one thread of a {@link GramScan}: read stretches of tensors, add them up. */
final class GramWorker implements Crew.Worker {
  private final Queue queue;
  private final Arena arena = Arena.ofConfined();
  private final Loader loader;
  private final GramRegisters registers;
  private final ThrottledProgress progress;
  private final GramScan.Sink sink;
  private @Nullable List<Stretch> ahead;

  /** Some elements of a tensor. */
  record Stretch(GramWork work, long from, long to, List<Span> spans) {}

  /** Gives stretches out that fit a worker's buffer, several small ones together. */
  static final class Queue {
    private final List<GramWork> works;
    private final long input;
    private int next;
    private long element;

    Queue(List<GramWork> works, long input) {
      this.works = works;
      this.input = input;
    }

    synchronized List<Stretch> next() {
      var stretches = new ArrayList<Stretch>();
      long left = input;
      while (next < works.size()) {
        GramWork work = works.get(next);
        long all = work.elements();
        long end = element;
        while (end < all) {
          long further = Math.min(all, end + TensorWork.GRAIN);
          if (work.inputBytes(element, further) > left) {
            break;
          }
          end = further;
        }
        if (end == element) {
          break;
        }
        List<Span> spans = Batch.Piece.spans(work.slots, element, end);
        stretches.add(new Stretch(work, element, end, spans));
        left -= work.inputBytes(element, end);
        element = end;
        if (element == all) {
          next++;
          element = 0;
        }
      }
      return stretches;
    }
  }

  GramWorker(
      Queue queue,
      Workshop workshop,
      Budget budget,
      AtomicLong readBytes,
      ThrottledProgress progress,
      GramScan.Sink sink) {
    this.queue = queue;
    this.loader =
        new Loader(arena.allocate(Math.max(1, budget.input())), workshop.sources(), readBytes);
    this.registers = new GramRegisters(workshop.kernel());
    this.progress = progress;
    this.sink = sink;
  }

  @Override
  public boolean step() {
    List<Stretch> stretches = ahead == null ? announced() : ahead;
    if (stretches.isEmpty()) {
      return false;
    }
    ahead = announced();
    loader.load(stretches.stream().flatMap(stretch -> stretch.spans().stream()).toList());
    for (Stretch stretch : stretches) {
      GramWork work = stretch.work();
      long[] addresses = Writing.addresses(stretch.spans());
      var input = new BlockInput(loader.buffer, work.slots, stretch.from(), addresses);
      work.compute(registers, input, stretch.from(), stretch.to());
      if (work.finish(stretch.from(), stretch.to())) {
        synchronized (sink) {
          work.deliver(sink);
        }
      }
      progress.add(work.inputBytes(stretch.from(), stretch.to()));
    }
    return true;
  }

  private List<Stretch> announced() {
    List<Stretch> stretches = queue.next();
    stretches.forEach(stretch -> loader.announce(stretch.spans()));
    return stretches;
  }

  @Override
  public void close() {
    arena.close();
  }
}
