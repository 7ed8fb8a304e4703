package bmr.engine;

/** Told about a run as it goes; called from many threads. */
public interface Progress {
  Progress NONE = (done, total) -> {};

  /**
   * Bytes of output made so far.
   *
   * @param done bytes
   * @param total bytes in the end
   */
  void made(long done, long total);
}
