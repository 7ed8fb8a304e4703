package bmr.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.source.Display;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong(77 * SECOND);

  private Terminal terminal(boolean live) {
    return terminal(live, 80);
  }

  private Terminal terminal(boolean live, int width) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    var messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Terminal(nowhere, messages, live, live, false, width);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  void aTerminalGetsOneLineThatIsWipedAtTheEnd() {
    try (var bar = new ProgressBar(terminal(true), "MIX", clock::get)) {
      clock.addAndGet(2 * SECOND);
      bar.made(500_000_000, 2_000_000_000);
    }
    assertEquals(
        "\rMIX  ██████                    25%  500 MB of 2.00 GB  250 MB/s  6 s left\u001b[K"
            + "\r\u001b[K",
        said());
  }

  @Test
  void aTerminalIsNotDrawnOnMoreThanTenTimesASecond() {
    try (var bar = new ProgressBar(terminal(true), "MIX", clock::get)) {
      for (int i = 0; i < 1000; i++) {
        clock.addAndGet(SECOND / 1000);
        bar.made(i, 1000);
      }
    }
    long drawn = said().chars().filter(c -> c == '%').count();
    assertTrue(drawn >= 5 && drawn <= 11, "drawn " + drawn + " times");
  }

  @Test
  void elsewhereALineIsSaidEveryTenSeconds() {
    try (var bar = new ProgressBar(terminal(false), "MIX", clock::get)) {
      for (int i = 1; i <= 25; i++) {
        clock.addAndGet(SECOND);
        bar.made(i * 1_000_000L, 50_000_000);
      }
    }
    assertEquals(
        """
        MIX  20%  10.0 MB of 50.0 MB  1.00 MB/s  40 s left
        MIX  40%  20.0 MB of 50.0 MB  1.00 MB/s  30 s left
        """,
        said());
  }

  @Test
  void nothingGoesBackwards() {
    try (var bar = new ProgressBar(terminal(false), "MIX", clock::get)) {
      clock.addAndGet(SECOND);
      bar.made(40, 100);
      clock.addAndGet(20 * SECOND);
      bar.made(30, 100);
    }
    assertTrue(said().contains("40%"), said());
  }

  @Test
  void nothingToDoIsNoDivisionByZero() {
    try (var bar = new ProgressBar(terminal(true), "MIX", clock::get)) {
      clock.addAndGet(SECOND);
      bar.made(0, 0);
    }
    assertTrue(said().contains("100%"), said());
  }

  /** A line that wraps cannot be drawn again: each drawing would leave a row behind. */
  @Test
  void theLineFitsInTheWindow() {
    for (int width : new int[] {40, 60, 80, 81, 100, 200}) {
      for (String name : new String[] {"A", "BlessingMix V1", "BlessingMix V1-EvoEnc with 長い名前"}) {
        err.reset();
        try (var bar = new ProgressBar(terminal(true, width), name, clock::get)) {
          clock.addAndGet(4000 * SECOND);
          bar.made(999_000_000_000L, 4_440_000_000_000L);
        }
        String line = said().substring(1, said().indexOf('\u001b'));
        assertTrue(Display.width(line) < width, width + ": " + line);
        assertTrue(line.contains("22%"), line);
      }
    }
  }
}
