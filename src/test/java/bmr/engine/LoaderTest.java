package bmr.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoaderTest {
  private static final int SIZE = 1 << 20;
  private final MemoryCheckpoint source = new MemoryCheckpoint("s");
  private final byte[] bytes = new byte[SIZE];
  private final AtomicLong read = new AtomicLong();

  LoaderTest() {
    new Random(3).nextBytes(bytes);
    source.with("t", DType.U8, Shape.of(SIZE), bytes);
  }

  private List<String> load(long capacity, List<Span> spans) {
    var buffer = MemorySegment.ofBuffer(ByteBuffer.allocateDirect((int) capacity));
    new Loader(buffer, List.of(source), read).load(spans);
    for (Span span : spans) {
      for (int i = 0; i < span.length; i++) {
        assertEquals(
            bytes[(int) (span.position - start()) + i],
            buffer.get(ValueLayout.JAVA_BYTE, span.address + i));
      }
    }
    return source.reads.stream().map(r -> (r[0] - start()) + "+" + r[1]).toList();
  }

  private long start() {
    return Operands.stored(List.of(source), 0, "t").position();
  }

  private Span span(long position, long length) {
    return new Span(0, start() + position, length);
  }

  @Test
  void neighboursAreReadAtOnce() {
    assertEquals(
        List.of("0+300", "500000+10"),
        load(100_000, List.of(span(500_000, 10), span(200, 100), span(0, 100), span(100, 50))));
    assertEquals(310, read.get());
  }

  @Test
  void gapsAreSkippedWhereTheBufferHasNoRoomForThem() {
    assertEquals(List.of("0+100", "150+100"), load(220, List.of(span(0, 100), span(150, 100))));
  }

  @Test
  void overlappingSpansAreReadOnce() {
    assertEquals(List.of("0+250"), load(400, List.of(span(0, 200), span(50, 100), span(150, 100))));
  }

  @Test
  void randomSpansFitIntoABufferOfTheirLengths() {
    long seed = 11;
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var spans = new ArrayList<Span>();
      long total = 0;
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        int length = 1 + random.nextInt(2000);
        spans.add(span(random.nextInt(200_000), length));
        total += length;
      }
      load(total + random.nextInt(100_000), spans);
    }
  }
}
