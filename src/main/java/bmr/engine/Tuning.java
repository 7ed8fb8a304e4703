package bmr.engine;

/**
 * Sizes that matter for speed only, never for a result.
 *
 * @param workersPerThread workers for each thread that may compute
 * @param input bytes that a worker reads at once, of all sources together
 * @param output bytes that it writes at once
 * @param flush bytes of output after which they are sent to the disk
 */
record Tuning(int workersPerThread, long input, long output, long flush) {
  /** Measured in src/bench. */
  static final Tuning STANDARD = new Tuning(2, 2L << 20, 1L << 20, 256L << 20);
}
