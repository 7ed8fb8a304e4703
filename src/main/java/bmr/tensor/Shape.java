package bmr.tensor;

import java.util.List;
import java.util.stream.Collectors;

/** Lengths of a tensor's dimensions; no dimensions means a scalar. */
public record Shape(List<Long> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw new IllegalArgumentException("negative dimension");
      }
    }
  }

  public static Shape of(long... dimensions) {
    return new Shape(java.util.Arrays.stream(dimensions).boxed().toList());
  }

  /**
   * Number of elements, 1 for a scalar.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long elements() {
    long product = 1;
    for (long dimension : dimensions) {
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }

  public int rank() {
    return dimensions.size();
  }

  public long dimension(int index) {
    return dimensions.get(index);
  }

  /** Whether both are one shape but for trailing dimensions of length 1: [n,m] and [n,m,1,1]. */
  public boolean sameButForTrailingOnes(Shape other) {
    return core().equals(other.core());
  }

  private List<Long> core() {
    int end = dimensions.size();
    while (end > 0 && dimensions.get(end - 1) == 1) {
      end--;
    }
    return dimensions.subList(0, end);
  }

  /** {@code [320, 4, 3, 3]}. */
  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
