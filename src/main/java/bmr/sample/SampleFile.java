package bmr.sample;

import bmr.checkpoint.OutputFile;
import bmr.checkpoint.SafetensorsLayout;
import bmr.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes tensors that are made while they are written, on all cores, in bounded memory. */
public final class SampleFile {
  private static final int BATCH_BYTES = 4 << 20;
  private static final int MOST_WORKERS = 12;

  private final SafetensorsLayout layout;
  private final List<List<Piece>> batches;

  /** Elements of one tensor, and where their bytes belong. */
  private record Piece(SampleTensor tensor, long first, int count, long position) {
    long bytes() {
      return tensor.info().dtype().bytes(count);
    }
  }

  private SampleFile(List<SampleTensor> tensors, Map<String, String> metadata) {
    layout = layout(tensors, metadata);
    batches = batches(tensors, layout.positions());
  }

  /** What the file will begin with. */
  static SafetensorsLayout layout(List<SampleTensor> tensors, Map<String, String> metadata) {
    return SafetensorsLayout.of(tensors.stream().map(SampleTensor::info).toList(), metadata);
  }

  /**
   * Writes a safetensors file with tensors in the order given.
   *
   * @return its size in bytes
   * @throws bmr.diagnostic.ProblemException with a RunProblem where it cannot be written
   */
  public static long write(Path path, List<SampleTensor> tensors, Map<String, String> metadata) {
    return new SampleFile(tensors, metadata).write(path);
  }

  private static List<List<Piece>> batches(List<SampleTensor> tensors, List<Long> positions) {
    var batches = new ArrayList<List<Piece>>();
    var batch = new ArrayList<Piece>();
    long bytes = 0;
    for (int i = 0; i < tensors.size(); i++) {
      SampleTensor tensor = tensors.get(i);
      DType dtype = tensor.info().dtype();
      long elements = tensor.info().elements();
      for (long first = 0; first < elements; first += NoiseField.LENGTH) {
        int count = (int) Math.min(NoiseField.LENGTH, elements - first);
        var piece = new Piece(tensor, first, count, positions.get(i) + dtype.bytes(first));
        if (bytes + piece.bytes() > BATCH_BYTES) {
          batches.add(List.copyOf(batch));
          batch.clear();
          bytes = 0;
        }
        batch.add(piece);
        bytes += piece.bytes();
      }
    }
    if (!batch.isEmpty()) {
      batches.add(List.copyOf(batch));
    }
    return batches;
  }

  private long write(Path path) {
    try (OutputFile output = OutputFile.create(path, layout.size())) {
      output.write(ByteBuffer.wrap(layout.header()), 0);
      writeBatches(output);
      output.commit();
      return layout.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeBatches(OutputFile output) throws IOException {
    int workers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_WORKERS);
    var next = new AtomicInteger();
    try (var executor = Executors.newFixedThreadPool(workers)) {
      var running = new ArrayList<Future<?>>();
      for (int worker = 0; worker < Math.min(workers, batches.size()); worker++) {
        running.add(
            executor.submit(() -> {
              work(output, next);
              return null;
            }));
      }
      for (Future<?> worker : running) {
        await(worker);
      }
    }
  }

  private static void await(Future<?> worker) throws IOException {
    try {
      worker.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case IOException cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private void work(OutputFile output, AtomicInteger next) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] scratch = new float[NoiseField.LENGTH];
    for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
      List<Piece> batch = batches.get(i);
      buffer.clear();
      for (Piece piece : batch) {
        piece.tensor().put(piece.first(), piece.count(), buffer, scratch);
      }
      output.write(buffer.flip(), batch.getFirst().position());
    }
  }
}
