import bmr.kernel.Kernel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Random;

/**
 * All pairs of eleven blocks of F16 in the cache, decoding included, on one thread: GB of F16 a
 * second of processor time, median of 15 rounds.
 */
final class GramBenchmark {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private GramBenchmark() {}

  public static void main(String[] arguments) {
    int models = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 11;
    int n = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 512;
    Kernel kernel = Kernel.best();
    var random = new Random(1);
    short[][] bits = new short[models][n];
    for (short[] block : bits) {
      for (int i = 0; i < n; i++) {
        block[i] = Float.floatToFloat16((float) random.nextGaussian());
      }
    }
    double[][] operands = new double[models][n];
    int pairs = models * (models + 1) / 2;
    double[] lanes = new double[(pairs + models) * Kernel.LANES];
    double[] speeds = new double[15];
    for (int round = -10; round < speeds.length; round++) {
      int repeats = 4000;
      long start = CLOCK.getCurrentThreadCpuTime();
      for (int k = 0; k < repeats; k++) {
        for (int i = 0; i < models; i++) {
          kernel.scaleF16(bits[i], n, 1.0, operands[i]);
          if (i > 0) {
            kernel.subtract(operands[0], n, operands[i]);
          }
          kernel.addSums(operands[i], n, lanes, (pairs + i) * Kernel.LANES);
        }
        kernel.addGram(operands, 0, models, n, lanes);
      }
      double seconds = (CLOCK.getCurrentThreadCpuTime() - start) / 1e9;
      if (round >= 0) {
        speeds[round] = 2.0 * n * models * repeats / seconds / 1e9;
      }
    }
    Arrays.sort(speeds);
    System.out.printf(
        "%s, %d models, blocks of %d: %.2f GB/s (%.2f to %.2f)%n",
        kernel.description(), models, n, speeds[7], speeds[3], speeds[11]);
  }
}
