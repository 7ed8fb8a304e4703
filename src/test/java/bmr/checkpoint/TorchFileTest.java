package bmr.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import bmr.Golden;
import bmr.TorchFiles;
import bmr.TorchFiles.Entry;
import bmr.TorchFiles.Pickle;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.diagnostic.FileProblem;
import bmr.diagnostic.PickleProblem;
import bmr.diagnostic.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {
  @TempDir Path folder;

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    return bytes;
  }

  private static byte[] good() {
    byte[] pickle =
        new Pickle().raw('}').text("w").tensor("HalfStorage", "0", 2, 3).raw('s').stop();
    return TorchFiles.archive(pickle, TorchFiles.storage(counting(12)), false);
  }

  private static byte[] read(Checkpoint checkpoint, String key) throws IOException {
    StoredTensor stored = checkpoint.stored().get(key);
    ByteBuffer bytes = ByteBuffer.allocate((int) stored.info().bytes());
    checkpoint.read(bytes, stored.position());
    return bytes.array();
  }

  @Test
  void tensorsOfStoredEntriesAreReadInPlace() throws IOException {
    Path file = write("good.ckpt", good());
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertEquals("[2, 3]", String.valueOf(checkpoint.tensors().get("w").shape()));
      long position = checkpoint.stored().get("w").position();
      byte[] whole = Files.readAllBytes(file);
      assertArrayEquals(
          counting(12), Arrays.copyOfRange(whole, (int) position, (int) position + 12));
      assertArrayEquals(counting(12), read(checkpoint, "w"));
    }
  }

  /** Element by element against the definition of strides, in any sub-range, deflated or not. */
  @Test
  void anyStridesAreGathered() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("TorchFileTest seed " + seed);
    var random = new Random(seed);
    String[] types = {"ByteStorage", "HalfStorage", "FloatStorage", "DoubleStorage"};
    for (int round = 0; round < 60; round++) {
      int type = random.nextInt(types.length);
      int width = 1 << type;
      int rank = random.nextInt(4);
      long[] sizes = random.longs(rank, 1, 6).toArray();
      long[] strides = random.longs(rank, 0, 8).toArray();
      if (random.nextBoolean() && rank > 0) {
        strides[rank - 1] = 1;
      }
      long offset = random.nextInt(5);
      int elements = 300;
      byte[] data = new byte[elements * width];
      random.nextBytes(data);
      byte[] pickle =
          new Pickle()
              .raw('}')
              .text("t")
              .tensor(types[type], "0", elements, offset, sizes, strides)
              .raw('s')
              .stop();
      boolean deflated = random.nextBoolean();
      byte[] bytes = TorchFiles.archive(pickle, TorchFiles.storage(data), deflated);
      byte[] expected = gather(data, width, offset, sizes, strides);
      try (Checkpoint checkpoint = Checkpoint.open(write("s" + round + ".pt", bytes))) {
        assertArrayEquals(expected, read(checkpoint, "t"));
        int from = random.nextInt(expected.length);
        int to = from + random.nextInt(expected.length - from) + 1;
        ByteBuffer part = ByteBuffer.allocateDirect(to - from);
        checkpoint.read(part, checkpoint.stored().get("t").position() + from);
        byte[] got = new byte[to - from];
        part.flip().get(got);
        assertArrayEquals(Arrays.copyOfRange(expected, from, to), got);
      }
    }
  }

  private static byte[] gather(byte[] data, int width, long offset, long[] sizes, long[] strides) {
    List<Long> places = new ArrayList<>(List.of(offset));
    for (int i = 0; i < sizes.length; i++) {
      var next = new ArrayList<Long>();
      for (long place : places) {
        for (long j = 0; j < sizes[i]; j++) {
          next.add(place + j * strides[i]);
        }
      }
      places = next;
    }
    ByteBuffer out = ByteBuffer.allocate(places.size() * width);
    places.forEach(place -> out.put(data, (int) (place * width), width));
    return out.array();
  }

  @Test
  void theOldFormatIsRead() throws IOException {
    byte[] pickle =
        new Pickle()
            .raw('}')
            .text("w")
            .tensor("HalfStorage", "b", 2)
            .raw('s')
            .text("v")
            .tensor("HalfStorage", "a", 3)
            .raw('s')
            .stop();
    var storages = new LinkedHashMap<String, byte[]>();
    storages.put("a", counting(6));
    storages.put("b", new byte[] {9, 8, 7, 6});
    Path file = write("old.pt", TorchFiles.legacy(pickle, storages, 2));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertArrayEquals(new byte[] {9, 8, 7, 6}, read(checkpoint, "w"));
      assertArrayEquals(counting(6), read(checkpoint, "v"));
    }
  }

  @Test
  void theModelIsWhatTheStateDictHolds() throws IOException {
    byte[] pickle =
        new Pickle()
            .raw('}')
            .text("epoch")
            .number(3)
            .raw('s')
            .text("state_dict")
            .raw('}')
            .text("a.b")
            .tensor("HalfStorage", "0", 2)
            .raw('s', 's')
            .text("optimizer_states")
            .raw(']')
            .raw('}')
            .text("exp_avg")
            .tensor("HalfStorage", "0", 2)
            .raw('s', 'a', 's')
            .text("elsewhere")
            .tensor("HalfStorage", "0", 2)
            .raw('s')
            .stop();
    byte[] bytes = TorchFiles.archive(pickle, TorchFiles.storage(counting(4)), false);
    try (Checkpoint checkpoint = Checkpoint.open(write("nested.ckpt", bytes))) {
      assertEquals(
          List.of("a.b", "optimizer_states.0.exp_avg"), List.copyOf(checkpoint.tensors().keySet()));
      assertEquals(List.of(new PickleProblem.LeftOut(checkpoint.path(), 1, 1)), checkpoint.notes());
    }
  }

  @Test
  void aRenamedFileIsReadWithAWarning() throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(write("renamed.safetensors", good()))) {
      assertInstanceOf(FileProblem.RenamedPyTorchFile.class, checkpoint.notes().getFirst());
    }
  }

  private static byte[] oneTensor(Pickle tensor, int bytes) {
    return TorchFiles.archive(tensor.raw('s').stop(), TorchFiles.storage(new byte[bytes]), false);
  }

  private static Pickle named(String key) {
    return new Pickle().raw('}').text(key);
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    files.put(
        "unused.ckpt",
        oneTensor(named("w").global("os", "system").raw('0').tensor("FloatStorage", "0", 1), 4));
    files.put("class.pt", new Pickle().global("__main__", "Net").raw(')', 0x81).stop());
    files.put("quantized.pt", oneTensor(named("w").storage("QInt8Storage", "0", 4), 4));
    files.put("list.pt", TorchFiles.archive(new Pickle().raw(']').stop(), Map.of(), false));
    files.put("long.pt", oneTensor(named("w").tensor("FloatStorage", "0", 3), 8));
    files.put("missing.pt", oneTensor(named("w").tensor("FloatStorage", "7", 3), 12));
    files.put("outside.pt", oneTensor(tensor(4, 1, new long[] {4}, new long[] {1}), 16));
    files.put(
        "huge.pt", oneTensor(tensor(4, 0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0}), 16));
    files.put("often.pt", oneTensor(tensor(4, 0, new long[] {1L << 30}, new long[] {0}), 16));
    files.put(
        "types.pt",
        oneTensor(
            named("w")
                .tensor("FloatStorage", "0", 1)
                .raw('s')
                .text("v")
                .tensor("IntStorage", "0", 1),
            4));
    files.put(
        "names.pt",
        oneTensor(
            named("a")
                .raw('}')
                .text("b")
                .tensor("ByteStorage", "0", 1)
                .raw('s', 's')
                .text("a.b")
                .tensor("ByteStorage", "0", 1),
            1));
    files.put("cut.ckpt", Arrays.copyOf(good(), good().length - 30));
    byte[] pickle = new Pickle().raw('}').stop();
    files.put(
        "twice.ckpt",
        TorchFiles.zip(
            List.of(entry("a/data.pkl", pickle), entry("a/x", pickle), entry("a/x", pickle))));
    files.put(
        "roots.ckpt",
        TorchFiles.zip(List.of(entry("a/data.pkl", pickle), entry("b/data.pkl", pickle))));
    files.put(
        "stray.ckpt", TorchFiles.zip(List.of(entry("a/data.pkl", pickle), entry("b/x", pickle))));
    files.put(
        "order.ckpt",
        TorchFiles.zip(
            List.of(entry("a/data.pkl", pickle), entry("a/byteorder", "big".getBytes(UTF_8)))));
    files.put("empty.ckpt", TorchFiles.zip(List.of()));
    files.put("overlap.ckpt", overlapping());
    files.put(
        "bomb.ckpt", TorchFiles.zip(List.of(new Entry("a/data.pkl", new byte[70 << 20], true))));
    files.put(
        "script.ckpt",
        TorchFiles.zip(List.of(entry("a/data.pkl", pickle), entry("a/constants.pkl", pickle))));
    files.put("deep.ckpt", TorchFiles.archive(cycle(), Map.of(), false));
    var report = new StringBuilder();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      report.append(text(SampleFiles.problemOf(write(file.getKey(), file.getValue()))));
    }
    Golden.check("checkpoint/torch-faults.golden", report.toString());
  }

  private static Entry entry(String name, byte[] data) {
    return new Entry(name, data);
  }

  private static Pickle tensor(long elements, long offset, long[] sizes, long[] strides) {
    return named("w").tensor("FloatStorage", "0", elements, offset, sizes, strides);
  }

  /** A dictionary that contains itself. */
  private static byte[] cycle() {
    return new Pickle().raw('}', 'q', 0).text("a").raw('h', 0, 's').stop();
  }

  /** The second entry's bytes are told to begin within those of the first. */
  private static byte[] overlapping() {
    byte[] inner = TorchFiles.zip(List.of(entry("a/x", new byte[] {1, 2, 3})));
    byte[] data = Arrays.copyOf(inner, 30 + 3 + 3);
    byte[] pickle = new Pickle().raw('}').stop();
    byte[] zip =
        TorchFiles.zip(
            List.of(
                entry("a/data.pkl", pickle),
                entry("a/y", data),
                entry("a/x", new byte[] {1, 2, 3})));
    // the place of a/x in the directory: that of the copy of its header within a/y
    ByteBuffer buffer = ByteBuffer.wrap(zip).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int directory = buffer.getInt(zip.length - 6);
    int second = directory + 46 + 10;
    int third = second + 46 + 3;
    buffer.putInt(third + 42, buffer.getInt(second + 42) + 30 + 3);
    return zip;
  }

  private String text(Problem problem) {
    String message = problem.code() + " " + problem.message();
    String hint = problem.hint().map(words -> "\n  hint: " + words).orElse("");
    return (message + hint + "\n").replace(folder + folder.getFileSystem().getSeparator(), "");
  }
}
