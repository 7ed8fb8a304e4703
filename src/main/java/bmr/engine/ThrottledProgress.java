package bmr.engine;

import java.util.concurrent.atomic.AtomicLong;

/** Passes progress on, at most twenty times a second and once at the end. */
final class ThrottledProgress {
  private static final long INTERVAL = 50_000_000;

  private final Progress progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL);

  ThrottledProgress(Progress progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  void add(long bytes) {
    long sum = done.addAndGet(bytes);
    long now = System.nanoTime();
    long before = last.get();
    if (sum >= total || (now - before >= INTERVAL && last.compareAndSet(before, now))) {
      progress.made(sum, total);
    }
  }
}
