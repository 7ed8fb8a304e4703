package bmr.engine;

import bmr.checkpoint.OutputFile;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends what is written to the disk from a thread of its own while more is computed, so that the
 * final sync has little left to wait for. A failure ends the crew's work.
 */
final class WriteBehind implements AutoCloseable {
  private final OutputFile file;
  private final Path target;
  private final long every;
  private final Crew crew;
  private final AtomicLong written = new AtomicLong();
  private final Semaphore due = new Semaphore(0);
  private volatile boolean finished;
  private final Thread thread;

  /**
   * @param every bytes between two flushes
   */
  WriteBehind(OutputFile file, Path target, long every, Crew crew) {
    this.file = file;
    this.target = target;
    this.every = every;
    this.crew = crew;
    this.thread = Thread.ofPlatform().daemon().name("bmr-write-behind").start(this::work);
  }

  /** Says that bytes have been written. */
  void add(long bytes) {
    long sum = written.addAndGet(bytes);
    if (sum / every != (sum - bytes) / every) {
      due.release();
    }
  }

  private void work() {
    while (true) {
      due.acquireUninterruptibly();
      due.drainPermits();
      if (finished) {
        return;
      }
      try {
        file.flush();
      } catch (IOException e) {
        crew.fail(new ProblemException(new RunProblem.WriteFailed(target, Loader.reason(e))));
        return;
      } catch (RuntimeException | Error e) {
        crew.fail(e);
        return;
      }
    }
  }

  /** Waits for a flush that is going on. */
  @Override
  public void close() {
    finished = true;
    due.release();
    crew.await(thread);
  }
}
