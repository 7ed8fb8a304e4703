package bmr.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Noise for every direction in which models differ: for each a ring of approximately normal
 * numbers, which each tensor enters at a place of its own. A few additions per element, and the
 * same numbers on every machine.
 */
final class NoiseField {
  /** Elements after which a tensor enters the rings anew. */
  static final int LENGTH = 1 << 16;

  /** Variance of a sum of four whole numbers below 2^16, each equally likely. */
  private static final double VARIANCE = 4 * (0x1p32 - 1) / 12;

  /** Each ring twice in a row, so that reading needs no wrapping. */
  private final float[][] rings;

  NoiseField(int directions) {
    rings = new float[directions][];
    for (int direction = 0; direction < directions; direction++) {
      rings[direction] = ring(direction);
    }
  }

  private static float[] ring(int direction) {
    float[] ring = new float[2 * LENGTH];
    double deviation = Math.sqrt(VARIANCE);
    for (int i = 0; i < LENGTH; i++) {
      long bits = mix(((long) direction << 32) + i);
      long sum =
          (bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48);
      ring[i] = (float) ((sum - 2 * 0xFFFFL) / deviation);
      ring[LENGTH + i] = ring[i];
    }
    return ring;
  }

  /**
   * Fills an array with a weighted sum of directions.
   *
   * @param seed of the tensor
   * @param block number of the piece of {@link #LENGTH} elements
   */
  void fill(float[] values, int count, long seed, long block, float[] loads) {
    Arrays.fill(values, 0, count, 0);
    for (int direction = 0; direction < loads.length; direction++) {
      if (loads[direction] != 0) {
        int start = (int) (mix(seed + mix(block * rings.length + direction)) & (LENGTH - 1));
        add(values, count, rings[direction], start, loads[direction]);
      }
    }
  }

  private static void add(float[] values, int count, float[] ring, int start, float load) {
    for (int i = 0; i < count; i++) {
      values[i] += load * ring[start + i];
    }
  }

  /** The seed of a tensor: FNV-1a (Fowler, Noll, Vo) over its key. */
  static long seed(String key) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : key.getBytes(UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
    }
    return hash;
  }

  /** SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
  private static long mix(long state) {
    long z = state + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
