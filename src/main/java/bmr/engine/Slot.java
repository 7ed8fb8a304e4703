package bmr.engine;

import bmr.tensor.DType;

/**
 * The elements of a region in one source.
 *
 * @param source by its index in the recipe
 * @param position of the tensor's first byte in the file
 */
record Slot(int source, DType dtype, long position, View view) {
  int elementBytes() {
    return dtype.bits() / 8;
  }

  /** Position in the file of an element of the region. */
  long positionOf(long element) {
    return position + view.at(element) * elementBytes();
  }

  /** Bytes from one element of the region to behind another, with what lies between. */
  long spanBytes(long from, long to) {
    return (view.at(to - 1) + 1 - view.at(from)) * elementBytes();
  }
}
