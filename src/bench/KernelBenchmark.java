import bmr.kernel.Kernel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Speed of each loop of the kernel on one thread, in GB/s of arrays read and written, on blocks
 * that stay in the cache: by the processor time of the thread: the median of many rounds, and the
 * range of the middle half. What it runs depends on the JVM: with {@code --add-modules
 * jdk.incubator.vector} the vector kernel, otherwise the plain one. See README.md.
 */
final class KernelBenchmark {
  private static final int TERMS = 11;
  private static final int ROUNDS = 15;
  private static final long WARM_UP_NANOS = 4_000_000_000L;
  private static final long ROUND_NANOS = 8_000_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Kernel kernel = Kernel.best();
  private final int n;
  private final String only;
  private final short[][] halves = new short[TERMS][];
  private final short[][] brains = new short[TERMS][];
  private final float[][] floats = new float[TERMS][];
  private final double[][] doubles = new double[TERMS][];
  private final float[] factors = new float[TERMS];
  private final float[] sum;
  private final double[] wideSum;
  private final short[] bits;
  private double sink;

  private KernelBenchmark(int n, String only) {
    this.n = n;
    this.only = only;
    Random random = new Random(1);
    for (int term = 0; term < TERMS; term++) {
      factors[term] = random.nextFloat() - 0.5f;
      halves[term] = new short[n];
      brains[term] = new short[n];
      floats[term] = new float[n];
      doubles[term] = new double[n];
      for (int i = 0; i < n; i++) {
        // about as weights of models are; some are subnormal in F16
        double value = random.nextGaussian() * 0.02;
        doubles[term][i] = value;
        floats[term][i] = (float) value;
      }
      kernel.encodeF16(doubles[term], n, halves[term]);
      kernel.encodeBF16(doubles[term], n, brains[term]);
    }
    sum = floats[0].clone();
    wideSum = doubles[0].clone();
    bits = new short[n];
  }

  public static void main(String... arguments) {
    int n = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8192;
    new KernelBenchmark(n, arguments.length > 1 ? arguments[1] : "").run();
  }

  private void run() {
    System.out.printf("%s, JDK %s, blocks of %d%n", kernel.description(), Runtime.version(), n);
    System.out.println("| loop | GB/s | middle half |");
    System.out.println("|---|---|---|");
    float c = 0.37f;
    double d = 0.37;
    time("scale F16 to float", 6, () -> kernel.scaleF16(halves[0], n, c, sum));
    time("add F16 to float", 10, () -> kernel.addF16(halves[1], n, c, sum));
    time("scale BF16 to float", 6, () -> kernel.scaleBF16(brains[0], n, c, sum));
    time("add BF16 to float", 10, () -> kernel.addBF16(brains[1], n, c, sum));
    time("scale F32 to float", 8, () -> kernel.scaleF32(floats[0], n, c, sum));
    time("add F32 to float", 12, () -> kernel.addF32(floats[1], n, c, sum));
    time("scale F64 to float", 12, () -> kernel.scaleF64(doubles[0], n, d, sum));
    time("add F64 to float", 16, () -> kernel.addF64(doubles[1], n, d, sum));
    time("scale F16 to double", 10, () -> kernel.scaleF16(halves[0], n, d, wideSum));
    time("add F16 to double", 18, () -> kernel.addF16(halves[1], n, d, wideSum));
    time("scale BF16 to double", 10, () -> kernel.scaleBF16(brains[0], n, d, wideSum));
    time("add BF16 to double", 18, () -> kernel.addBF16(brains[1], n, d, wideSum));
    time("scale F32 to double", 12, () -> kernel.scaleF32(floats[0], n, d, wideSum));
    time("add F32 to double", 20, () -> kernel.addF32(floats[1], n, d, wideSum));
    time("scale F64 to double", 16, () -> kernel.scaleF64(doubles[0], n, d, wideSum));
    time("add F64 to double", 24, () -> kernel.addF64(doubles[1], n, d, wideSum));
    time("encode float to F16", 6, () -> kernel.encodeF16(floats[0], n, bits));
    time("encode float to BF16", 6, () -> kernel.encodeBF16(floats[0], n, bits));
    time("encode double to F16", 10, () -> kernel.encodeF16(doubles[0], n, bits));
    time("encode double to BF16", 10, () -> kernel.encodeBF16(doubles[0], n, bits));
    time("encode double to F32", 12, () -> kernel.encodeF32(doubles[0], n, sum));
    time("count non-finite F16", 2, () -> sink += kernel.countNonFiniteF16(halves[0], n));
    time("count non-finite BF16", 2, () -> sink += kernel.countNonFiniteBF16(brains[0], n));
    time("count non-finite F32", 4, () -> sink += kernel.countNonFinite(floats[0], n));
    time("count non-finite F64", 8, () -> sink += kernel.countNonFinite(doubles[0], n));
    time(
        "products of doubles",
        16,
        () -> sink += kernel.products(doubles[0], doubles[1], n).distance());
    time(
        "products of floats", 8, () -> sink += kernel.products(floats[0], floats[1], n).distance());
    double[] triangle = new double[6];
    time("gram of 3 operands", 24, () -> kernel.gram(doubles, 3, n, triangle));
    for (int terms : new int[] {1, 2, 4, 7, 11}) {
      int each = 2 * terms + 2;
      time(terms + " terms of F16, one by one, encoded", each, () -> oneByOneF16(terms));
      time(terms + " terms of F16, combined, encoded", each, () -> combinedF16(terms));
    }
    for (int terms : new int[] {1, 4, 11}) {
      int each = 2 * terms + 2;
      time(terms + " terms of BF16, encoded", each, () -> combinedBF16(terms));
    }
    if (sink == 42) {
      System.out.println(sink); // keeps the reductions alive
    }
  }

  private void oneByOneF16(int terms) {
    kernel.scaleF16(halves[0], n, factors[0], sum);
    for (int term = 1; term < terms; term++) {
      kernel.addF16(halves[term], n, factors[term], sum);
    }
    kernel.encodeF16(sum, n, bits);
  }

  private void combinedF16(int terms) {
    kernel.combineF16(halves, factors, terms, n, sum);
    kernel.encodeF16(sum, n, bits);
  }

  private void combinedBF16(int terms) {
    kernel.combineBF16(brains, factors, terms, n, sum);
    kernel.encodeBF16(sum, n, bits);
  }

  private void time(String name, int bytesPerElement, Runnable loop) {
    if (!name.contains(only)) {
      return;
    }
    long warm = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < warm) {
      loop.run();
    }
    double[] speeds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      long end = start;
      long runs = 0;
      while (end - start < ROUND_NANOS) {
        for (int i = 0; i < 16; i++) {
          loop.run();
        }
        runs += 16;
        end = threads.getCurrentThreadCpuTime();
      }
      speeds[round] = (double) runs * n * bytesPerElement / (end - start);
    }
    Arrays.sort(speeds);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f-%.1f |%n",
        name,
        speeds[ROUNDS / 2],
        speeds[ROUNDS / 4],
        speeds[ROUNDS * 3 / 4]);
  }
}
