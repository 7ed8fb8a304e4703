package bmr.analysis.ancestry;

import bmr.model.Block;

/** One tensor, as the search for ancestors sees it. */
public final class Unit {
  private final Block block;
  private final long elements;
  private final double square;
  private final double[][] products;

  /**
   * A tensor.
   *
   * @param elements of the tensor in one model
   * @param square ‖T‖² of the target's tensor
   * @param products n×n inner products of x_i − o for the sources i and any origin o; the target is
   *     the last of them; not to be changed
   */
  public Unit(Block block, long elements, double square, double[][] products) {
    this.block = block;
    this.elements = elements;
    this.square = square;
    this.products = products;
  }

  Block block() {
    return block;
  }

  long elements() {
    return elements;
  }

  double square() {
    return square;
  }

  double[][] products() {
    return products;
  }

  /** The same with all products multiplied. */
  Unit scaled(double factor) {
    var scaled = new double[products.length][products.length];
    for (int i = 0; i < scaled.length; i++) {
      for (int j = 0; j < scaled.length; j++) {
        scaled[i][j] = products[i][j] * factor;
      }
    }
    return new Unit(block, elements, square, scaled);
  }

  int target() {
    return products.length - 1;
  }
}
