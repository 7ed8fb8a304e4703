package bmr.engine;

/**
 * Where a region's elements lie in a tensor: rows of {@code row} elements, the first at {@code
 * start}, each {@code stride} elements behind the one before.
 */
record View(long row, long stride, long start) {
  /** Every element of a tensor in its order. */
  static final View WHOLE = new View(1, 1, 0);

  boolean contiguous() {
    return row == stride;
  }

  /** The place in the tensor of an element of the region. */
  long at(long element) {
    return contiguous() ? start + element : start + element / row * stride + element % row;
  }
}
