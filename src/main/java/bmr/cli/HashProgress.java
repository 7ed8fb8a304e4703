package bmr.cli;

import bmr.checkpoint.FileHash;
import bmr.report.ProgressBar;
import bmr.report.Terminal;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Shows how far the hashing of large files is, one bar for each, and stops it on demand. */
final class HashProgress implements FileHash.Watch {
  /** Smaller files are done before a bar could be read. */
  private static final long LARGE = 1 << 28;

  private final Terminal terminal;
  private final BooleanSupplier cancelled;
  private @Nullable ProgressBar bar;

  HashProgress(Terminal terminal, BooleanSupplier cancelled) {
    this.terminal = terminal;
    this.cancelled = cancelled;
  }

  @Override
  public synchronized void hashed(Path file, long done, long total) {
    if (cancelled.getAsBoolean()) {
      close();
      throw new CancellationException();
    }
    if (total < LARGE) {
      return;
    }
    if (bar == null) {
      bar = new ProgressBar(terminal, "hashing " + file.getFileName());
    }
    bar.made(done, total);
    if (done == total) {
      close();
    }
  }

  private void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
