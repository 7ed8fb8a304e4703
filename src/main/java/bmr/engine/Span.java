package bmr.engine;

/** Bytes of a source that a piece of work needs, and where they lie once they are read. */
final class Span {
  final int source;
  final long position;
  final long length;

  /** Where the first byte lies in the worker's buffer; set by {@link Loader}. */
  long address;

  Span(int source, long position, long length) {
    this.source = source;
    this.position = position;
    this.length = length;
  }

  long end() {
    return position + length;
  }
}
