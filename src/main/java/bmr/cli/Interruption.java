package bmr.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C and the signals of its kind. The JVM starts its shutdown hooks and dies when they end;
 * until then the run gets time to stop and to clean up. The JVM itself then gives the exit status:
 * 130 for Ctrl-C.
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 20;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final CountDownLatch end = new CountDownLatch(1);

  /** Whether a running command should stop. */
  boolean requested() {
    return requested.get();
  }

  /** The command is over, in whatever way. */
  void finished() {
    end.countDown();
  }

  /** The shutdown hook: asks the command to stop, and waits until it has. */
  void waitForTheEnd() {
    requested.set(true);
    try {
      if (!end.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("the run did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
