import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The least that any merge must do: read some ranges of files and write a file of some size,
 * synced, with two threads. Arguments: a list of ranges (lines {@code position length path}), the
 * file to write, its size in bytes.
 */
final class Floor {
  private static final int PIECE = 4 << 20;

  private record Piece(FileChannel file, long position, int length) {}

  private Floor() {}

  public static void main(String[] arguments) throws Exception {
    Path target = Path.of(arguments[1]);
    long size = Long.parseLong(arguments[2]);
    List<Piece> pieces = pieces(Files.readAllLines(Path.of(arguments[0])));
    var options =
        new StandardOpenOption[] {
          StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
        };
    try (FileChannel output = FileChannel.open(target, options)) {
      var next = new AtomicInteger();
      var written = new AtomicLong();
      var failure = new AtomicReference<IOException>();
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 2; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    work(pieces, next, output, written, size);
                  } catch (IOException e) {
                    failure.set(e);
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      if (failure.get() != null) {
        throw failure.get();
      }
      output.force(true);
    }
  }

  private static List<Piece> pieces(List<String> lines) throws IOException {
    Map<String, FileChannel> files = new HashMap<>();
    var pieces = new ArrayList<Piece>();
    for (String line : lines) {
      String[] parts = line.split(" ", 3);
      FileChannel file = files.get(parts[2]);
      if (file == null) {
        file = FileChannel.open(Path.of(parts[2]), StandardOpenOption.READ);
        files.put(parts[2], file);
      }
      long end = Long.parseLong(parts[0]) + Long.parseLong(parts[1]);
      for (long at = Long.parseLong(parts[0]); at < end; at += PIECE) {
        pieces.add(new Piece(file, at, (int) Math.min(PIECE, end - at)));
      }
    }
    return pieces;
  }

  /** Reads pieces; after each, writes as large a share of the output as has been read. */
  private static void work(
      List<Piece> pieces, AtomicInteger next, FileChannel output, AtomicLong written, long size)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
    while (true) {
      int index = next.getAndIncrement();
      if (index >= pieces.size()) {
        return;
      }
      Piece piece = pieces.get(index);
      buffer.clear().limit(piece.length());
      long at = piece.position();
      while (buffer.hasRemaining()) {
        int count = piece.file().read(buffer, at);
        if (count < 0) {
          throw new IOException("a file became shorter");
        }
        at += count;
      }
      long due = index + 1 == pieces.size() ? size : size * (index + 1L) / pieces.size();
      long from = written.getAndUpdate(before -> Math.max(before, due));
      while (from < due) {
        buffer.clear().limit((int) Math.min(PIECE, due - from));
        from += output.write(buffer, from);
      }
    }
  }
}
