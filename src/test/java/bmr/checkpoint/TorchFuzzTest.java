package bmr.checkpoint;

import bmr.TorchFiles;
import bmr.TorchFiles.Pickle;
import bmr.diagnostic.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Broken PyTorch files are refused as problems, and nothing else ever happens. */
class TorchFuzzTest {
  private static final int ROUNDS = Integer.getInteger("bmr.fuzz.rounds", 2000);
  private static final int MOST_READ = 1 << 20;

  @TempDir private Path folder;

  /** Opcodes, lengths and signatures that make changes meaningful. */
  private static final byte[] TELLING =
      "().}]tRQqhjrXcs ub\u0000\u0001".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

  private static List<byte[]> seeds() throws IOException {
    byte[] pickle =
        new Pickle()
            .raw('}', 'q', 0)
            .text("state_dict")
            .raw('}')
            .text("a")
            .tensor("FloatStorage", "0", 12, 1, new long[] {2, 3}, new long[] {1, 3})
            .raw('s')
            .text("b")
            .tensor("FloatStorage", "0", 12)
            .raw('s', 's')
            .stop();
    Map<String, byte[]> storages = TorchFiles.storage(new byte[48]);
    var seeds = new ArrayList<byte[]>();
    seeds.add(TorchFiles.archive(pickle, storages, false));
    seeds.add(TorchFiles.archive(pickle, storages, true));
    seeds.add(TorchFiles.legacy(pickle, storages, 4));
    Path shared =
        Path.of(System.getProperty("bmr.shared", "../shared"), "data/tensors/burn_reader");
    if (Files.isDirectory(shared)) {
      try (Stream<Path> files = Files.list(shared)) {
        for (Path file : files.sorted().toList()) {
          if (Files.size(file) < 4096) {
            seeds.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return seeds;
  }

  @Test
  @Timeout(120)
  void brokenFilesAreRefused() throws IOException {
    long seed = Long.getLong("bmr.fuzz.seed", new Random().nextLong());
    System.out.println("TorchFuzzTest seed " + seed);
    var random = new Random(seed);
    List<byte[]> seeds = seeds();
    Path file = folder.resolve("fuzz.pt");
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutated(seeds.get(random.nextInt(seeds.size())), random);
      Files.write(file, bytes);
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        readSome(checkpoint);
      } catch (ProblemException e) {
        // as it should be
      } catch (RuntimeException | Error e) {
        throw new AssertionError("round " + round + " of seed " + seed, e);
      }
    }
  }

  private static void readSome(Checkpoint checkpoint) {
    for (var stored : checkpoint.stored().values()) {
      int length = (int) Math.min(MOST_READ, stored.info().bytes());
      try {
        checkpoint.read(ByteBuffer.allocate(length), stored.position());
      } catch (IOException e) {
        // compressed bytes that are broken are found out only now
      }
    }
  }

  private static byte[] mutated(byte[] seed, Random random) {
    byte[] bytes = seed.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 4 -> {
          int length = Math.min(random.nextInt(8) + 1, bytes.length - at);
          Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0xff : 0));
        }
        default -> {
          int from = random.nextInt(bytes.length);
          int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }
}
