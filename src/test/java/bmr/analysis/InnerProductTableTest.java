package bmr.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.analysis.InnerProductTable.Tensor;
import bmr.checkpoint.Checkpoint;
import bmr.engine.Limits;
import bmr.engine.MemoryCheckpoint;
import bmr.engine.Progress;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables against exact decimal arithmetic; threads, extension, interruption, damage. */
class InnerProductTableTest {
  private static final long SEED = 20;
  private static final Limits ONE = new Limits(1, Limits.DEFAULT_MEMORY);

  @TempDir private Path folder;

  private static InnerProductTable build(
      TableCache cache, List<MemoryCheckpoint> models, Limits limits) {
    return cache.table(
        RelatedModels.sources(models),
        List.<Checkpoint>copyOf(models),
        limits,
        Progress.NONE,
        () -> false);
  }

  private static InnerProductTable build(List<MemoryCheckpoint> models) {
    return build(TableCache.none(), models, ONE);
  }

  private static void same(InnerProductTable expected, InnerProductTable actual) {
    assertEquals(expected.sources(), actual.sources());
    assertEquals(expected.tensors(), actual.tensors());
    for (int t = 0; t < expected.tensors().size(); t++) {
      assertArrayEquals(expected.storedSums(t), actual.storedSums(t));
      assertArrayEquals(expected.storedProducts(t), actual.storedProducts(t));
    }
  }

  private static BigDecimal exact(double[] a, double[] x, double[] b, double[] y) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int e = 0; e < a.length; e++) {
      BigDecimal left = new BigDecimal(a[e]).subtract(new BigDecimal(x[e]));
      BigDecimal right = new BigDecimal(b[e]).subtract(new BigDecimal(y[e]));
      sum = sum.add(left.multiply(right));
    }
    return sum;
  }

  @Test
  void figuresOfVeryCloseRelativesKeepTheirDigits() {
    for (double change : new double[] {0.3, 1e-2, 1e-3}) {
      List<MemoryCheckpoint> models = RelatedModels.of(4, change, SEED);
      InnerProductTable table = build(models);
      for (int t = 0; t < table.tensors().size(); t++) {
        Tensor tensor = table.tensors().get(t);
        int o = tensor.origin();
        if (o != 0) {
          continue;
        }
        double[][] values = new double[4][];
        for (int i = 0; i < 4; i++) {
          values[i] = models.get(i).values(tensor.key());
        }
        double[] zero = new double[values[0].length];
        double[] a = {0, 0.3, 1.2, -0.5};
        double[] left = {-1, 1, 0, 0};
        double[] right = {-1, 0, 0, 1};
        Gram gram = table.gram(t);
        close(exact(values[1], values[0], values[3], values[0]), gram.product(left, right), 1e-12);
        close(exact(values[1], values[0], values[1], values[0]), gram.product(left, left), 1e-12);
        close(exact(values[2], zero, values[3], zero), table.product(t, 2, 3), 1e-12);
        double direct = 0;
        for (int e = 0; e < zero.length; e++) {
          direct += 0.3 * values[1][e] + 1.2 * values[2][e] - 0.5 * values[3][e];
        }
        assertEquals(direct, gram.sum(a), 1e-9);
        assertEquals(java.util.Arrays.stream(values[3]).sum(), table.sum(t, 3), 1e-10);
      }
    }
  }

  private static void close(BigDecimal expected, double actual, double relative) {
    double value = expected.doubleValue();
    assertEquals(value, actual, Math.abs(value) * relative + 1e-13, "seed " + SEED);
  }

  @Test
  void agreesWithTheTableOfPlainLoops() {
    List<MemoryCheckpoint> models = RelatedModels.of(4, 0.1, SEED);
    InnerProductTable table = build(models);
    var values =
        table.tensors().stream()
            .map(tensor ->
                tensor.holders().stream()
                    .map(holder -> models.get(holder).values(tensor.key()))
                    .toList())
            .toList();
    InnerProductTable plain = InnerProductTable.of(table.sources(), table.tensors(), values);
    double[] a = {0.1, 0.2, 0.3, 0.4};
    double[] b = {1, 0, 0, -0.25};
    Gram left = plain.summed(tensor -> true);
    Gram right = table.summed(tensor -> true);
    assertEquals(left.elements(), right.elements());
    assertEquals(left.product(a, b), right.product(a, b), 1e-9);
    assertEquals(left.sum(a), right.sum(a), 1e-9);
  }

  @Test
  void knowsWhoHoldsWhat() {
    InnerProductTable table = build(RelatedModels.of(4, 0.1, SEED));
    for (Tensor tensor : table.tensors()) {
      boolean vae = tensor.key().equals(RelatedModels.VAE);
      assertEquals(vae ? List.of(1, 2, 3) : List.of(0, 1, 2, 3), tensor.holders());
    }
    assertEquals(4, table.tensors().size());
  }

  @Test
  void bitsDoNotDependOnThreadsOrMemory() {
    List<MemoryCheckpoint> models = RelatedModels.of(5, 0.1, SEED);
    InnerProductTable one = build(models);
    for (int threads = 2; threads <= 4; threads++) {
      same(one, build(TableCache.none(), models, new Limits(threads, Limits.DEFAULT_MEMORY)));
    }
    same(one, build(TableCache.none(), models, new Limits(3, 2 << 20)));
  }

  @Test
  void addingAModelReadsForNewPairsOnlyAndGivesTheSameBits() {
    List<MemoryCheckpoint> models = RelatedModels.of(5, 0.1, SEED);
    TableCache cache = TableCache.in(folder);
    build(cache, models.subList(0, 3), ONE);
    same(build(models), build(cache, models, ONE));
    models.forEach(model -> model.reads.clear());
    same(build(models.subList(0, 4)), build(cache, models.subList(0, 4), ONE));
  }

  @Test
  void aTableThatIsThereIsNotComputedAgain() {
    List<MemoryCheckpoint> models = RelatedModels.of(3, 0.1, SEED);
    TableCache cache = TableCache.in(folder);
    InnerProductTable first = build(cache, models, ONE);
    models.forEach(model -> model.reads.clear());
    same(first, build(cache, models, ONE));
    InnerProductTable turned = build(cache, models.reversed(), ONE);
    assertTrue(models.stream().allMatch(model -> model.reads.isEmpty()));
    assertEquals(first.product(0, 0, 2), turned.product(0, 2, 0), 1e-9);
    assertEquals(first.product(0, 1, 1), turned.product(0, 1, 1), 1e-9);
    assertEquals(first.sum(1, 0), turned.sum(1, 2), 1e-10);
  }

  @Test
  void whatWasFinishedBeforeAnInterruptionIsKept() {
    List<MemoryCheckpoint> models = RelatedModels.of(3, 0.1, SEED);
    TableCache cache = TableCache.in(folder);
    var asked = new AtomicInteger();
    assertThrows(
        CancellationException.class,
        () ->
            cache.table(
                RelatedModels.sources(models),
                List.<Checkpoint>copyOf(models),
                new Limits(1, 600 << 10),
                Progress.NONE,
                () -> asked.incrementAndGet() > 1));
    assertEquals(1, cache.files().size());
    assertTrue(cache.find(RelatedModels.sources(models)).isEmpty());
    same(build(models), build(cache, models, ONE));
    assertTrue(cache.find(RelatedModels.sources(models)).isPresent());
  }

  @Test
  void damagedFilesCountAsAbsent() throws Exception {
    List<MemoryCheckpoint> models = RelatedModels.of(3, 0.1, SEED);
    TableCache cache = TableCache.in(folder);
    InnerProductTable expected = build(cache, models, ONE);
    Path file = cache.files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 40; i++) {
      byte[] damaged = whole.clone();
      damaged[(int) ((long) i * whole.length / 40)] ^= 0x40;
      Files.write(file, damaged);
      assertTrue(cache.find(expected.sources()).isEmpty());
      Files.write(file, java.util.Arrays.copyOf(whole, i * whole.length / 40));
      assertTrue(cache.find(expected.sources()).isEmpty());
    }
    Files.writeString(folder.resolve("foreign.table"), "something else");
    same(expected, build(cache, models, ONE));
    assertArrayEquals(whole, Files.readAllBytes(file));
  }

  @Test
  void theOldestTablesGoWhenTheyAreTooLarge() {
    var cache = new TableCache(java.util.Optional.of(folder), 4000);
    for (int seed = 0; seed < 8; seed++) {
      List<MemoryCheckpoint> models = RelatedModels.of(2, 0.1, seed);
      int number = seed;
      var sources =
          models.stream()
              .map(model -> new InnerProductTable.Source(model.name(), model.name() + number))
              .toList();
      cache.table(sources, List.<Checkpoint>copyOf(models), ONE, Progress.NONE, () -> false);
    }
    long total = cache.files().stream().mapToLong(file -> file.toFile().length()).sum();
    assertTrue(total > 0 && total <= 4000, total + " bytes");
    assertFalse(cache.files().size() >= 8);
  }

  @Test
  void contentKeysTellContentsApart() throws Exception {
    MemoryCheckpoint model = RelatedModels.of(2, 0.1, SEED).getFirst();
    String key = ContentKey.of(model);
    assertEquals(key, ContentKey.of(RelatedModels.of(2, 0.1, SEED).getFirst()));
    assertFalse(key.equals(ContentKey.of(RelatedModels.of(2, 0.1, SEED + 1).getFirst())));
  }
}
