package bmr.report;

import bmr.engine.Progress;
import bmr.source.Display;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Progress of a run for the person who waits: one line that is drawn again on a terminal, a plain
 * line every ten seconds elsewhere. Safe for use by many threads; whoever finds another one drawing
 * goes on working.
 */
public final class ProgressBar implements Progress, AutoCloseable {
  private static final long REDRAW = Duration.ofMillis(100).toNanos();
  private static final long PLAIN_LINE = Duration.ofSeconds(10).toNanos();
  private static final int BAR = 24;

  private final Terminal terminal;
  private final String label;
  private final LongSupplier clock;
  private final long start;
  private final AtomicLong next;
  private final AtomicLong furthest = new AtomicLong();
  private final ReentrantLock drawing = new ReentrantLock();
  private boolean drawn;

  public ProgressBar(Terminal terminal, String label) {
    this(terminal, label, System::nanoTime);
  }

  /**
   * A bar with a clock of its own.
   *
   * @param clock nanoseconds from any origin
   */
  ProgressBar(Terminal terminal, String label, LongSupplier clock) {
    this.terminal = terminal;
    this.label = label;
    this.clock = clock;
    this.start = clock.getAsLong();
    this.next = new AtomicLong(terminal.errIsTerminal() ? 0 : PLAIN_LINE);
  }

  @Override
  public void made(long done, long total) {
    furthest.accumulateAndGet(done, Math::max);
    long elapsed = clock.getAsLong() - start;
    if (elapsed < next.get() || !drawing.tryLock()) {
      return;
    }
    try {
      boolean live = terminal.errIsTerminal();
      next.set(elapsed + (live ? REDRAW : PLAIN_LINE));
      String text = line(furthest.get(), total, elapsed, live);
      if (live) {
        terminal.err().print("\r" + text + "\u001b[K");
        terminal.err().flush();
        drawn = true;
      } else {
        terminal.say(text);
      }
    } finally {
      drawing.unlock();
    }
  }

  private String line(long done, long total, long elapsed, boolean live) {
    double fraction = total == 0 ? 1 : Math.clamp((double) done / total, 0, 1);
    double seconds = elapsed / 1e9;
    var text = new StringBuilder(label).append("  ");
    if (live) {
      String bar = Bar.of(fraction, BAR);
      text.append(terminal.colourErr() ? Style.GOOD.on(bar) : bar)
          .append(" ".repeat(BAR - Display.width(bar)))
          .append("  ");
    }
    text.append((int) (fraction * 100)).append("%  ");
    text.append(Quantities.bytes(done)).append(" of ").append(Quantities.bytes(total));
    // the first moments say nothing about the rest
    if (seconds > 0.5 && done > 0) {
      text.append("  ").append(Quantities.bytes((long) (done / seconds))).append("/s");
      long left = (long) Math.ceil(seconds / fraction - seconds);
      text.append("  ").append(left < 60 ? left + " s" : left / 60 + " min").append(" left");
    }
    return text.toString();
  }

  /** Wipes the line, so that what is said next stands alone. */
  @Override
  public void close() {
    drawing.lock();
    try {
      if (drawn) {
        terminal.err().print("\r\u001b[K");
        terminal.err().flush();
        drawn = false;
      }
      next.set(Long.MAX_VALUE);
    } finally {
      drawing.unlock();
    }
  }
}
