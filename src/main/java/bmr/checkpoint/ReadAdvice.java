package bmr.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the system which parts of a file will be read soon, so that the disk works on many of them
 * at once while others are computed. Linux alone takes the advice ({@code posix_fadvise} with
 * {@code POSIX_FADV_WILLNEED}); elsewhere, and where native access is not allowed, there is none. A
 * result never depends on it.
 */
final class ReadAdvice implements AutoCloseable {
  private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
  private static final int WILL_NEED = 3;

  /** The system looks at no more than this of one call, on disks with small requests. */
  private static final long PIECE = 256 << 10;

  private final Calls calls;
  private final int descriptor;

  private ReadAdvice(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** The functions of the C library. */
  private record Calls(MethodHandle open, MethodHandle advise, MethodHandle close) {
    @SuppressWarnings("restricted") // asked for first
    static @Nullable Calls find() {
      boolean linux =
          System.getProperty("os.name", "").equals("Linux")
              && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
      if (!linux || !ReadAdvice.class.getModule().isNativeAccessEnabled()) {
        return null;
      }
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      Optional<MemorySegment> open = library.find("open");
      Optional<MemorySegment> advise = library.find("posix_fadvise");
      Optional<MemorySegment> close = library.find("close");
      if (open.isEmpty() || advise.isEmpty() || close.isEmpty()) {
        return null;
      }
      ValueLayout.OfInt whole = ValueLayout.JAVA_INT;
      ValueLayout.OfLong offset = ValueLayout.JAVA_LONG;
      return new Calls(
          linker.downcallHandle(
              open.get(),
              FunctionDescriptor.of(whole, ValueLayout.ADDRESS, whole),
              Linker.Option.firstVariadicArg(2)),
          linker.downcallHandle(
              advise.get(), FunctionDescriptor.of(whole, whole, offset, offset, whole)),
          linker.downcallHandle(close.get(), FunctionDescriptor.of(whole, whole)));
    }
  }

  /** Loaded with the first file that is advised on: commands that only look do not pay for it. */
  private static final class Holder {
    static final @Nullable Calls CALLS = Calls.find();
  }

  /** Advice on a file, where the system takes any. */
  static Optional<ReadAdvice> on(Path path) {
    Calls calls = Holder.CALLS;
    if (calls == null) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toAbsolutePath().toString());
      int descriptor = (int) calls.open().invokeExact(name, READ_ONLY_CLOSE_ON_EXEC);
      return descriptor < 0 ? Optional.empty() : Optional.of(new ReadAdvice(calls, descriptor));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A part of the file will be read soon. */
  void willNeed(long position, long length) {
    try {
      for (long done = 0; done < length; done += PIECE) {
        long now = Math.min(PIECE, length - done);
        int ignored = (int) calls.advise().invokeExact(descriptor, position + done, now, WILL_NEED);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      int ignored = (int) calls.close().invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
