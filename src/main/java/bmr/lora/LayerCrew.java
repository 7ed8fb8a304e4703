package bmr.lora;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Threads that take layers in order until none is left, one fails, or the run is cancelled. */
final class LayerCrew {
  private final int threads;
  private final int layers;
  private final BooleanSupplier cancelled;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  LayerCrew(int threads, int layers, BooleanSupplier cancelled) {
    this.threads = threads;
    this.layers = layers;
    this.cancelled = cancelled;
  }

  /** What is done with a layer, by its number. */
  interface Work {
    void accept(int layer) throws IOException;
  }

  /**
   * Works on all layers and waits for the last one.
   *
   * @throws CancellationException if the run was cancelled
   * @throws IOException what the work threw first
   */
  void run(Work work) throws IOException {
    List<Thread> crew = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      crew.add(Thread.ofPlatform().daemon().name("bmr-layers-" + (i + 1)).start(() -> take(work)));
    }
    crew.forEach(this::await);
    Throwable first = failure.get();
    if (first instanceof IOException io) {
      throw io;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    if (first instanceof Error error) {
      throw error;
    }
  }

  private void take(Work work) {
    try {
      for (int layer = next.getAndIncrement();
          layer < layers && failure.get() == null;
          layer = next.getAndIncrement()) {
        if (cancelled.getAsBoolean()) {
          throw new CancellationException();
        }
        work.accept(layer);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Joins although interrupted: the threads use files that the caller closes. */
  private void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        failure.compareAndSet(null, new CancellationException());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
