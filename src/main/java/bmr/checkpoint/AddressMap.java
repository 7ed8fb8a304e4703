package bmr.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Addresses of a checkpoint whose bytes come from several places. Bytes between two ranges read as
 * zeros, so that readers may join neighbours.
 */
final class AddressMap {
  /** Makes or fetches the bytes of a range; must allow many threads. */
  interface Bytes {
    /** Fills the buffer from an offset of the range on. */
    void read(ByteBuffer target, long offset) throws IOException;

    default void willNeed(long offset, long length) {}
  }

  private record Range(long begin, long length, Bytes bytes) {
    long end() {
      return begin + length;
    }
  }

  private static final int ALIGNMENT = 8;

  private final Path file;
  private final TreeMap<Long, Range> ranges = new TreeMap<>();
  private long end;

  /** A map that is complete before it is shared by threads. */
  AddressMap(Path file) {
    this.file = file;
  }

  /** Adds a range behind all others and returns the address of its first byte. */
  long add(long length, Bytes bytes) {
    long begin = Math.addExact(end, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    // an empty range must not hide the one that begins where it does
    if (length > 0) {
      ranges.put(begin, new Range(begin, length, bytes));
      end = Math.addExact(begin, length);
    }
    return begin;
  }

  /** Fills a buffer, across as many ranges as it takes. */
  void read(ByteBuffer target, long address) throws IOException {
    int limit = target.limit();
    long at = address;
    try {
      while (target.position() < limit) {
        Range range = at(at);
        int now = (int) Math.min(limit - target.position(), range.end() - at);
        int behind = target.position() + now;
        target.limit(behind);
        range.bytes().read(target, at - range.begin());
        target.limit(limit).position(behind);
        at += now;
      }
    } finally {
      target.limit(limit);
    }
  }

  /** The range that holds an address, or the zeros up to the next one. */
  private Range at(long address) throws IOException {
    Map.Entry<Long, Range> below = ranges.floorEntry(address);
    if (below != null && address < below.getValue().end()) {
      return below.getValue();
    }
    Long next = ranges.higherKey(address);
    if (address < 0 || next == null) {
      throw new EOFException("`" + file + "` has no byte " + address);
    }
    return new Range(address, next - address, (target, offset) -> zero(target));
  }

  private static void zero(ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
  }

  /** Says that some addresses will be read soon. */
  void willNeed(long address, long length) {
    long stop = address + length;
    Long first = ranges.floorKey(address);
    for (Range range : ranges.tailMap(first == null ? address : first).values()) {
      if (range.begin() >= stop) {
        break;
      }
      long from = Math.max(address, range.begin());
      long to = Math.min(stop, range.end());
      if (from < to) {
        range.bytes().willNeed(from - range.begin(), to - from);
      }
    }
  }
}
