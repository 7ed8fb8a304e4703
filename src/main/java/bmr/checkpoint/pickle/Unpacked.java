package bmr.checkpoint.pickle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Deflated entries, unpacked on first use, each once, to a temporary file that goes with the
 * process. Compressed bytes cannot be read from the middle, and memory would not hold a model.
 */
final class Unpacked implements AutoCloseable {
  private static final int PIECE = 256 << 10;

  private final Path file;
  private final FileChannel source;
  private final Map<String, Long> starts = new HashMap<>();
  private @Nullable FileChannel channel;
  private long end;

  Unpacked(Path file, FileChannel source) {
    this.file = file;
    this.source = source;
  }

  /** The file that {@link #start} tells positions of. */
  synchronized FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      // in memory on some systems, but the only folder that is surely writable
      Path temporary = Files.createTempFile("bmr-", ".unpacked");
      open =
          FileChannel.open(
              temporary,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      channel = open;
      deleteEarly(temporary);
    }
    return open;
  }

  /** Where files can be deleted while they are open, nothing is left even of a killed process. */
  private static void deleteEarly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // deleted when it is closed
    }
  }

  /** Where the first byte of an entry lies in {@link #channel}; unpacks it if it is not there. */
  synchronized long start(ZipArchive.Entry entry) throws IOException {
    Long known = starts.get(entry.name());
    if (known != null) {
      return known;
    }
    FileChannel target = channel();
    long start = end;
    byte[] piece = new byte[PIECE];
    long left = entry.size();
    try (InputStream in = ZipArchive.open(file, source, entry)) {
      while (left > 0) {
        int count = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (count < 0) {
          throw new IOException("`" + entry.name() + "` unpacks to less than it says");
        }
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, count);
        while (bytes.hasRemaining()) {
          end += target.write(bytes, end);
        }
        left -= count;
      }
    } catch (ZipException e) {
      throw new IOException("`" + entry.name() + "` cannot be unpacked", e);
    }
    starts.put(entry.name(), start);
    return start;
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
