package bmr.analysis;

import bmr.kernel.Kernel.Products;
import java.util.Optional;

/**
 * What measures of two models x and y over some tensors are made of. Figures of tensors add up to
 * those of all of them, flattened.
 *
 * @param elements how many
 * @param leftSum Σ x; NaN where it is not known, because tensors were streamed
 * @param rightSum Σ y, likewise
 * @param plain left x, right y
 * @param relative left x − b, right y − b; empty without a base
 * @param tensors how many
 * @param cosines the sum of their cosines
 * @param leastCosine the least of them
 */
public record Figures(
    long elements,
    double leftSum,
    double rightSum,
    Products plain,
    Optional<Products> relative,
    int tensors,
    double cosines,
    double leastCosine) {
  /** Of one tensor. */
  static Figures of(
      long elements, double leftSum, double rightSum, Products plain, Optional<Products> relative) {
    double cosine = cosine(plain);
    return new Figures(elements, leftSum, rightSum, plain, relative, 1, cosine, cosine);
  }

  /** Of both together. */
  public Figures plus(Figures other) {
    return new Figures(
        elements + other.elements,
        leftSum + other.leftSum,
        rightSum + other.rightSum,
        plain.plus(other.plain),
        both(relative, other.relative),
        tensors + other.tensors,
        cosines + other.cosines,
        Math.min(leastCosine, other.leastCosine));
  }

  /** Tensors that a base lacks take no part in what is relative to it. */
  private static Optional<Products> both(Optional<Products> left, Optional<Products> right) {
    return left.isPresent() && right.isPresent()
        ? Optional.of(left.get().plus(right.get()))
        : left.or(() -> right);
  }

  /**
   * A measure.
   *
   * @return NaN where it is not known: without a base, or without sums
   */
  public double value(Measure measure) {
    return switch (measure) {
      case COSINE -> cosine(plain);
      case DISTANCE -> distance(plain);
      case RELATIVE_COSINE -> relative.map(Figures::cosine).orElse(Double.NaN);
      case RELATIVE_DISTANCE -> relative.map(Figures::distance).orElse(Double.NaN);
      case CENTRED_COSINE -> cosine(centred());
      case MEAN_COSINE -> cosines / tensors;
      case LEAST_COSINE -> leastCosine;
      case NORM_RATIO -> Math.sqrt(plain.leftLeft() / plain.rightRight());
    };
  }

  private Products centred() {
    return new Products(
        plain.leftLeft() - leftSum * leftSum / elements,
        plain.leftRight() - leftSum * rightSum / elements,
        plain.rightRight() - rightSum * rightSum / elements,
        plain.distance());
  }

  /** Exactly 1 for equal vectors, where rounding would give a little more or less. */
  private static double cosine(Products products) {
    double cosine = products.cosine();
    return products.distance() == 0 ? 1 : Double.isNaN(cosine) ? cosine : Math.clamp(cosine, -1, 1);
  }

  private static double distance(Products products) {
    return products.distance() == 0 ? 0 : Math.sqrt(products.distance() / products.rightRight());
  }
}
