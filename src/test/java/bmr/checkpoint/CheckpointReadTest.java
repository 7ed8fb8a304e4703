package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointReadTest {
  private static final int LENGTH = 3 << 20;

  @TempDir Path folder;
  private Path file;
  private byte[] data;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("x.safetensors");
    data = new byte[LENGTH];
    new Random(1).nextBytes(data);
    var tensor = new TensorInfo("a", DType.U8, Shape.of(LENGTH));
    SampleFiles.write(file, List.of(tensor), Map.of(), data);
  }

  @Test
  void buffersAreFilledAsTheyStand() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      long start = checkpoint.stored().get("a").position();
      for (ByteBuffer buffer :
          List.of(ByteBuffer.allocate(LENGTH), ByteBuffer.allocateDirect(LENGTH))) {
        buffer.position(5).limit(LENGTH - 3);
        checkpoint.read(buffer, start + 2);
        assertEquals(LENGTH - 3, buffer.position());
        assertEquals(LENGTH - 3, buffer.limit());
        byte[] read = new byte[LENGTH - 8];
        buffer.get(5, read);
        assertArrayEquals(java.util.Arrays.copyOfRange(data, 2, LENGTH - 6), read);
      }
    }
  }

  @Test
  void manyThreadsReadOneFile() throws Exception {
    long seed = 3;
    try (Checkpoint checkpoint = Checkpoint.open(file);
        var threads = Executors.newFixedThreadPool(8)) {
      long start = checkpoint.stored().get("a").position();
      var tasks = new ArrayList<Callable<Void>>();
      for (int i = 0; i < 64; i++) {
        var random = new Random(seed + i);
        tasks.add(() -> {
          for (int round = 0; round < 20; round++) {
            int from = random.nextInt(LENGTH);
            int length = random.nextInt(Math.min(70_000, LENGTH - from));
            ByteBuffer buffer = ByteBuffer.allocate(length);
            checkpoint.read(buffer, start + from);
            assertEquals(ByteBuffer.wrap(data, from, length), buffer.flip(), "seed " + seed);
          }
          return null;
        });
      }
      for (Future<Void> result : threads.invokeAll(tasks)) {
        result.get();
      }
    }
  }

  @Test
  void aFileThatBecameShorterIsAnError() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      long start = checkpoint.stored().get("a").position();
      try (var shorter = new RandomAccessFile(file.toFile(), "rw")) {
        shorter.setLength(start + 100);
      }
      ByteBuffer buffer = ByteBuffer.allocate(200);
      var thrown = assertThrows(EOFException.class, () -> checkpoint.read(buffer, start));
      assertTrue(thrown.getMessage().contains("x.safetensors"));
    }
  }

  @Test
  void aClosedFileIsNotRead() {
    Checkpoint checkpoint = Checkpoint.open(file);
    checkpoint.close();
    checkpoint.close();
    assertThrows(ClosedChannelException.class, () -> checkpoint.read(ByteBuffer.allocate(1), 0));
  }

  @Test
  void aRefusedFileIsNotKeptOpen() throws IOException {
    Files.write(file, new byte[] {1, 2, 3});
    Path descriptors = Path.of("/proc/self/fd");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(descriptors));
    for (int i = 0; i < 20; i++) {
      SampleFiles.problemOf(file);
    }
    try (var open = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : open) {
        boolean same =
            Files.isSymbolicLink(descriptor)
                && Files.readSymbolicLink(descriptor).toString().equals(file.toString());
        assertEquals(false, same);
      }
    }
  }
}
