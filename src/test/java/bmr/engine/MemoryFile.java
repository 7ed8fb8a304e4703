package bmr.engine;

import bmr.checkpoint.OutputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** An output in memory; can refuse to take more than some bytes. */
final class MemoryFile implements OutputFile {
  final byte[] bytes;
  boolean committed;
  boolean closed;
  private final long room;
  private final AtomicLong written = new AtomicLong();

  MemoryFile(long size, long room) {
    this.bytes = new byte[Math.toIntExact(size)];
    this.room = room;
  }

  @Override
  public synchronized void write(ByteBuffer source, long position) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (written.addAndGet(source.remaining()) > room) {
      throw new IOException("No space left on device");
    }
    source.get(bytes, (int) position, source.remaining());
  }

  @Override
  public void flush() {}

  @Override
  public void commit() throws IOException {
    if (written.get() != bytes.length) {
      throw new IOException("written " + written + " of " + bytes.length);
    }
    committed = true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
