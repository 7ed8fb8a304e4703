package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Fills a worker's buffer with spans of the sources, neighbours in one read. */
final class Loader {
  /** Bytes between two spans that are rather read than skipped. */
  static final long GAP = 64 << 10;

  /** Bytes asked for at once. */
  private static final long LARGEST_READ = 1L << 30;

  final MemorySegment buffer;
  private final List<Checkpoint> sources;
  private final AtomicLong readBytes;

  /**
   * @param buffer must hold the spans of any batch
   * @param readBytes counts what is read
   */
  Loader(MemorySegment buffer, List<Checkpoint> sources, AtomicLong readBytes) {
    this.buffer = buffer;
    this.sources = sources;
    this.readBytes = readBytes;
  }

  /**
   * Reads spans and sets their addresses.
   *
   * @throws ProblemException with a RunProblem where a source cannot be read
   */
  void load(List<Span> spans) {
    var sorted = new ArrayList<>(spans);
    sorted.sort(
        Comparator.comparingInt((Span span) -> span.source)
            .thenComparingLong(span -> span.position));
    long left = sorted.stream().mapToLong(span -> span.length).sum();
    long used = 0;
    int next = 0;
    while (next < sorted.size()) {
      Span first = sorted.get(next);
      long end = first.end();
      left -= first.length;
      int behind = next + 1;
      while (behind < sorted.size() && sorted.get(behind).source == first.source) {
        Span span = sorted.get(behind);
        long gap = span.position - end;
        long grown = Math.max(end, span.end());
        boolean fits = used + (grown - first.position) + left - span.length <= buffer.byteSize();
        if (gap > GAP || !fits) {
          break;
        }
        end = grown;
        left -= span.length;
        behind++;
      }
      read(first.source, first.position, end - first.position, used);
      for (Span span : sorted.subList(next, behind)) {
        span.address = used + (span.position - first.position);
      }
      used += end - first.position;
      next = behind;
    }
  }

  /** Says which spans will be loaded next. */
  void announce(List<Span> spans) {
    for (Span span : spans) {
      sources.get(span.source).willNeed(span.position, span.length);
    }
  }

  private void read(int source, long position, long length, long address) {
    Checkpoint checkpoint = sources.get(source);
    try {
      for (long done = 0; done < length; ) {
        long now = Math.min(LARGEST_READ, length - done);
        checkpoint.read(buffer.asSlice(address + done, now).asByteBuffer(), position + done);
        done += now;
      }
    } catch (IOException e) {
      throw new ProblemException(new RunProblem.SourceUnreadable(checkpoint.path(), reason(e)));
    }
    readBytes.addAndGet(length);
  }

  /** What the system said, without names that the message has already. */
  static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
