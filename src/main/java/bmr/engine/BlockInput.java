package bmr.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** The values of a region's stretch, as they lie in a worker's buffer. */
final class BlockInput {
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment buffer;
  private final List<Slot> slots;
  private final long from;
  private final long[] addresses;

  /**
   * @param from first element of the region that is there
   * @param addresses per slot, where in the buffer that element lies
   */
  BlockInput(MemorySegment buffer, List<Slot> slots, long from, long[] addresses) {
    this.buffer = buffer;
    this.slots = slots;
    this.from = from;
    this.addresses = addresses;
  }

  void load(int slot, long element, int n, short[] target) {
    View view = slots.get(slot).view();
    for (int done = 0; done < n; ) {
      int length = run(view, element + done, n - done);
      MemorySegment.copy(buffer, SHORT, address(slot, element + done), target, done, length);
      done += length;
    }
  }

  void load(int slot, long element, int n, byte[] target) {
    View view = slots.get(slot).view();
    for (int done = 0; done < n; ) {
      int length = run(view, element + done, n - done);
      MemorySegment.copy(buffer, BYTE, address(slot, element + done), target, done, length);
      done += length;
    }
  }

  void load(int slot, long element, int n, float[] target) {
    View view = slots.get(slot).view();
    for (int done = 0; done < n; ) {
      int length = run(view, element + done, n - done);
      MemorySegment.copy(buffer, FLOAT, address(slot, element + done), target, done, length);
      done += length;
    }
  }

  void load(int slot, long element, int n, double[] target) {
    View view = slots.get(slot).view();
    for (int done = 0; done < n; ) {
      int length = run(view, element + done, n - done);
      MemorySegment.copy(buffer, DOUBLE, address(slot, element + done), target, done, length);
      done += length;
    }
  }

  private long address(int slot, long element) {
    Slot place = slots.get(slot);
    return addresses[slot]
        + (place.view().at(element) - place.view().at(from)) * place.elementBytes();
  }

  /** How many of the next elements lie side by side. */
  static int run(View view, long element, int n) {
    return view.contiguous() ? n : (int) Math.min(n, view.row() - element % view.row());
  }
}
