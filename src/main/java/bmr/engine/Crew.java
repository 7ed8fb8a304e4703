package bmr.engine;

import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Threads that work side by side until nothing is left, one fails, or the run is cancelled. */
final class Crew {
  private final BooleanSupplier cancelled;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Crew(BooleanSupplier cancelled) {
    this.cancelled = cancelled;
  }

  /** One thread's work; made, used and closed in its thread. */
  interface Worker extends AutoCloseable {
    /** Does the next bit of work; false when there is none. */
    boolean step();

    @Override
    void close();
  }

  /** Makes a worker. */
  interface Hiring {
    Worker hire();
  }

  /**
   * Runs workers and waits for all of them.
   *
   * @throws CancellationException if the run was cancelled
   * @throws RuntimeException what the first failing worker threw, others' failures added to it
   */
  void run(int workers, Hiring hiring) {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < workers; i++) {
      threads.add(
          Thread.ofPlatform().daemon().name("bmr-worker-" + (i + 1)).start(() -> work(hiring)));
    }
    threads.forEach(this::await);
    rethrow();
  }

  /** Throws what has failed, if anything. */
  void rethrow() {
    Throwable first = failure.get();
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Ends the run: workers stop at their next step. */
  @SuppressWarnings("ReferenceEquality") // one exception thrown twice
  void fail(Throwable reason) {
    if (!failure.compareAndSet(null, reason)) {
      Throwable first = failure.get();
      if (first != null && first != reason && !(reason instanceof CancellationException)) {
        first.addSuppressed(reason);
      }
    }
  }

  private void work(Hiring hiring) {
    try (Worker worker = hiring.hire()) {
      while (failure.get() == null) {
        if (cancelled.getAsBoolean()) {
          throw new CancellationException();
        }
        if (!worker.step()) {
          return;
        }
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Joins although interrupted: the threads use files that the caller closes. */
  void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        fail(new CancellationException());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
