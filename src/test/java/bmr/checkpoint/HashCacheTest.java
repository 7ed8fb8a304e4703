package bmr.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.checkpoint.FileHash.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashCacheTest {
  /** Long enough ago for a file to keep its hash. */
  private static final FileTime OLD = FileTime.fromMillis(1_500_000_000_000L);

  @TempDir private Path folder;
  private Path cache;
  private Path file;
  private final List<Long> steps = new ArrayList<>();

  @BeforeEach
  void files() throws IOException {
    cache = folder.resolve("cache").resolve("hashes");
    file = write("m.safetensors", SampleFiles.bytes("{\"a\":1}", 3_000_000));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve(name), bytes);
    Files.setLastModifiedTime(path, OLD);
    return path;
  }

  private HashCache cache() {
    return new HashCache(Optional.of(cache), (path, done, total) -> steps.add(done));
  }

  private static String sha256(byte[] bytes, int from, int to) throws Exception {
    byte[] part = Arrays.copyOfRange(bytes, from, Math.min(to, bytes.length));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(part));
  }

  private List<Path> entries() throws IOException {
    try (var files = Files.list(cache)) {
      return files.toList();
    }
  }

  @Test
  void everyKindOfHash() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(sha256(bytes, 0, bytes.length), cache().hash(Kind.WHOLE, file));
    assertEquals(sha256(bytes, 0x100000, 0x110000), cache().hash(Kind.LEGACY, file));
    assertEquals(sha256(bytes, 15, bytes.length), cache().hash(Kind.TENSORS, file));
    assertEquals(10, cache().like("0123456789", file).length());
    for (Kind kind : Kind.values()) {
      assertEquals(Optional.of(cache().hash(kind, file)), cache().known(kind, file));
    }
    assertEquals(1, entries().size());
    Path tiny = write("tiny", new byte[] {1, 2, 3});
    assertEquals(cache().hash(Kind.WHOLE, tiny), cache().hash(Kind.TENSORS, tiny));
    assertEquals(sha256(new byte[0], 0, 0), cache().hash(Kind.LEGACY, tiny));
  }

  @Test
  void aHashIsComputedOnce() throws IOException {
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file));
    assertEquals(List.of(), steps);
    String hash = cache().hash(Kind.WHOLE, file);
    assertEquals(List.of(1L << 20, 2L << 20, Files.size(file)), steps);
    assertEquals(hash, cache().hash(Kind.WHOLE, file));
    assertEquals(3, steps.size());
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, file);
    assertEquals(Optional.of(hash), cache().known(Kind.WHOLE, link));
  }

  @Test
  void aChangedFileHasNoHash() throws IOException {
    cache().hash(Kind.WHOLE, file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(OLD.toMillis() + 1));
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file));
    Files.setLastModifiedTime(file, OLD);
    assertTrue(cache().known(Kind.WHOLE, file).isPresent());
    write("m.safetensors", new byte[10]);
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file));
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, folder));
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, folder.resolve("none")));
  }

  @Test
  void aFileThatMayStillChangeIsNotKept() throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    cache().hash(Kind.WHOLE, file);
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file));
  }

  @Test
  void damagedEntriesCountForNothingAndAreMadeAnew() throws IOException {
    String hash = cache().hash(Kind.WHOLE, file);
    Path entry = entries().getFirst();
    byte[] good = Files.readAllBytes(entry);
    long seed = 7;
    var random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] bad = Arrays.copyOf(good, random.nextBoolean() ? good.length : random.nextInt(200));
      if (bad.length > 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(entry, bad);
      assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file), () -> "seed " + seed);
    }
    Files.write(entry, new byte[1 << 16]);
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file));
    assertEquals(hash, cache().hash(Kind.WHOLE, file));
    assertEquals(Optional.of(hash), cache().known(Kind.WHOLE, file));
    // an entry of another file is none of this one
    Path other = write("other", new byte[] {1});
    cache().hash(Kind.WHOLE, other);
    Path second = entries().stream().filter(one -> !one.equals(entry)).findFirst().orElseThrow();
    Files.copy(entry, second, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, other));
  }

  @Test
  void withoutAPlaceHashesAreStillTold() throws IOException {
    String hash = HashCache.none().hash(Kind.WHOLE, file);
    Files.createDirectories(cache.getParent());
    Files.write(cache, new byte[0]);
    assertEquals(hash, cache().hash(Kind.WHOLE, file));
    assertEquals(Optional.empty(), cache().known(Kind.WHOLE, file));
  }

  @Test
  void stoppingLeavesNothing() throws IOException {
    var stopped =
        new HashCache(
            Optional.of(cache),
            (path, done, total) -> {
              throw new CancellationException();
            });
    assertThrows(CancellationException.class, () -> stopped.hash(Kind.WHOLE, file));
    assertTrue(!Files.exists(cache) || entries().isEmpty());
  }

  @Test
  void theNumberOfEntriesIsBounded() throws IOException {
    Files.createDirectories(cache);
    for (int i = 0; i < 4096; i++) {
      Files.setLastModifiedTime(Files.createFile(cache.resolve("old" + i)), OLD);
    }
    String hash = cache().hash(Kind.WHOLE, file);
    assertTrue(entries().size() < 3100, () -> "too many");
    assertEquals(Optional.of(hash), cache().known(Kind.WHOLE, file));
  }

  @Test
  void manyWritersAtOnce() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      files.add(write("f" + i, new byte[] {(byte) i}));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int worker = 0; worker < 8; worker++) {
        all.add(
            threads.submit(() -> {
              var own = new HashCache(Optional.of(cache), FileHash.Watch.NOBODY);
              for (int round = 0; round < 4; round++) {
                for (Path one : files) {
                  for (Kind kind : Kind.values()) {
                    assertEquals(
                        FileHash.of(kind, one, FileHash.Watch.NOBODY), own.hash(kind, one));
                  }
                }
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertEquals(8, entries().size(), "drafts are left");
    for (Path one : files) {
      assertTrue(cache().known(Kind.WHOLE, one).isPresent());
    }
  }
}
