import bmr.analysis.TableCache;
import bmr.analysis.Tables;
import bmr.checkpoint.Checkpoint;
import bmr.engine.Limits;
import bmr.engine.Progress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The table of inner products of all models in a folder, in turns with the floor: two threads that
 * read the same files in pieces of 4 MiB. Arguments: the folder, perhaps a number of rounds.
 */
final class TableBenchmark {
  private static final int PIECE = 4 << 20;

  private TableBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
      files = all.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    List<Checkpoint> models = files.stream().map(Checkpoint::open).toList();
    long bytes = models.stream().mapToLong(Checkpoint::size).sum();
    System.out.printf("%d models, %.2f GB%n", models.size(), bytes / 1e9);
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      read(models);
      double floor = (System.nanoTime() - start) / 1e9;
      start = System.nanoTime();
      var table =
          TableCache.none()
              .table(
                  Tables.sources(models),
                  models,
                  new Limits(2, Limits.DEFAULT_MEMORY),
                  Progress.NONE,
                  () -> false);
      double made = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "floor %.2f s (%.2f GB/s), table %.2f s (%.2f GB/s), %.0f %% of the floor's speed, %d"
              + " tensors%n",
          floor,
          bytes / 1e9 / floor,
          made,
          bytes / 1e9 / made,
          100 * floor / made,
          table.tensors().size());
    }
  }

  /** A range of a file. */
  private record Piece(Checkpoint model, long position, int length) {}

  private static void read(List<Checkpoint> models) throws Exception {
    var pieces = new ArrayList<Piece>();
    for (Checkpoint model : models) {
      for (long at = 0; at < model.size(); at += PIECE) {
        pieces.add(new Piece(model, at, (int) Math.min(PIECE, model.size() - at)));
      }
    }
    var next = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
                for (int at = next.getAndIncrement();
                    at < pieces.size();
                    at = next.getAndIncrement()) {
                  Piece piece = pieces.get(at);
                  try {
                    piece.model().read(buffer.clear().limit(piece.length()), piece.position());
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
