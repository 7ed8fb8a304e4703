package bmr.report;

import bmr.engine.Progress;
import bmr.source.Display;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private static final int LEAST_BAR = 8;
  private static final int LEAST_LABEL = 8;

  /** Columns of the longest facts: {@code 100% 1.10 GB of 2.13 GB 99.9 MB/s 10 min left}. */
  private static final int FACTS = 48;

  private static final String GAP = "  ";

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
    var facts = new ArrayList<String>();
    facts.add((int) (fraction * 100) + "%");
    facts.add(Quantities.bytes(done) + " of " + Quantities.bytes(total));
    // the first moments say nothing about the rest
    if (seconds > 0.5 && done > 0) {
      facts.add(Quantities.bytes((long) (done / seconds)) + "/s");
      long left = (long) Math.ceil(seconds / fraction - seconds);
      facts.add((left < 60 ? left + " s" : left / 60 + " min") + " left");
    }
    return live ? barred(fraction, facts) : label + "  " + String.join("  ", facts);
  }

  /** In one row of the window, as a line that wraps cannot be drawn again. */
  private String barred(double fraction, List<String> facts) {
    int room = terminal.width() - 1;
    String name = cut(Math.max(LEAST_LABEL, room - FACTS - LEAST_BAR - 2 * GAP.length()));
    int taken = Display.width(name) + 2 * GAP.length();
    int width = Math.clamp(room - FACTS - taken, LEAST_BAR, BAR);
    String bar = Bar.of(fraction, width);
    var text = new StringBuilder(name).append(GAP);
    text.append(terminal.colourErr() ? Style.GOOD.on(bar) : bar)
        .append(" ".repeat(width - Display.width(bar)));
    int columns = taken + width - GAP.length();
    for (String fact : facts) {
      columns += GAP.length() + Display.width(fact);
      if (columns > room) {
        break;
      }
      text.append(GAP).append(fact);
    }
    return text.toString();
  }

  private String cut(int most) {
    if (Display.width(label) <= most) {
      return label;
    }
    int end = label.length();
    while (end > 0 && Display.width(label.substring(0, end)) >= most) {
      end = label.offsetByCodePoints(end, -1);
    }
    return label.substring(0, end) + "…";
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
