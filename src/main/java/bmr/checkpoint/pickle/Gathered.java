package bmr.checkpoint.pickle;

import bmr.checkpoint.pickle.PickleValue.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A tensor whose bytes do not lie together as its shape says, and how to put them together: element
 * (i, j, ...) of the tensor is element {@code offset + i * stride[0] + j * stride[1] + ...} of its
 * storage.
 */
final class Gathered {
  /** Where the bytes of the tensor's first element lie, in which file. */
  record Place(FileChannel channel, long position) {}

  private final int elementBytes;
  private final long[] sizes;
  private final long[] strides;
  private final long elements;

  Gathered(Tensor tensor) {
    this.elementBytes = tensor.dtype().bits() / 8;
    this.sizes = longs(tensor.sizes());
    this.strides = longs(tensor.strides());
    long product = 1;
    for (long size : sizes) {
      product *= size;
    }
    this.elements = product;
  }

  private static long[] longs(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  long bytes() {
    return elements * elementBytes;
  }

  /** Elements from the first one to the last one, ends included; 0 for an empty tensor. */
  private long reach() {
    long last = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) {
        return 0;
      }
      last += (sizes[i] - 1) * strides[i];
    }
    return last + 1;
  }

  /** Fills the buffer with bytes of the tensor from one of them on. */
  void read(ByteBuffer target, long from, Place place) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stored =
          place
              .channel()
              .map(FileChannel.MapMode.READ_ONLY, place.position(), reach() * elementBytes, arena);
      gather(target, from, stored);
    } catch (InternalError e) {
      // what a mapped file that became shorter ends in
      throw new IOException("the file became shorter while it was read", e);
    }
  }

  private void gather(ByteBuffer target, long from, MemorySegment stored) {
    long run = run();
    long element = from / elementBytes;
    long within = from % elementBytes;
    while (target.hasRemaining()) {
      long left = (run - element % run) * elementBytes - within;
      int now = (int) Math.min(left, target.remaining());
      long at = at(element) * elementBytes + within;
      if (now <= 2 * Long.BYTES) {
        for (int i = 0; i < now; i++) {
          target.put(stored.get(ValueLayout.JAVA_BYTE, at + i));
        }
      } else {
        target.put(stored.asSlice(at, now).asByteBuffer());
      }
      long next = within + now;
      element += next / elementBytes;
      within = next % elementBytes;
    }
  }

  /** How many elements lie side by side at least. */
  private long run() {
    long run = 1;
    for (int i = sizes.length - 1; i >= 0 && (strides[i] == run || sizes[i] == 1); i--) {
      run *= sizes[i];
    }
    return Math.max(run, 1);
  }

  private long at(long element) {
    long rest = element;
    long at = 0;
    for (int i = sizes.length - 1; i >= 0; i--) {
      at += rest % sizes[i] * strides[i];
      rest /= sizes[i];
    }
    return at;
  }
}
