package bmr.engine;

/**
 * What a run may use.
 *
 * @param threads that compute
 * @param memory bytes for buffers, whatever the models' size
 */
public record Limits(int threads, long memory) {
  public static final long DEFAULT_MEMORY = 512L << 20;

  public Limits {
    if (threads < 1 || memory < 1) {
      throw new IllegalArgumentException("limits");
    }
  }

  /** All processors and the default memory. */
  public static Limits standard() {
    return new Limits(Runtime.getRuntime().availableProcessors(), DEFAULT_MEMORY);
  }
}
