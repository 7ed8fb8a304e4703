package bmr.graph;

import bmr.tensor.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The first convolution of inpainting (9 channels) and instruct-pix2pix models (8 channels) beside
 * that of an ordinary model (4 channels).
 *
 * @param narrow channels that all have
 * @param wide channels of the wide models
 */
record WideChannels(int narrow, long wide) {
  private static final String KEY = "model.diffusion_model.input_blocks.0.0.weight";

  /** The two widths, where the shapes differ in nothing but that. */
  static Optional<WideChannels> of(String key, Map<Integer, Shape> shapes) {
    if (!key.equals(KEY)) {
      return Optional.empty();
    }
    Set<Long> widths = new TreeSet<>();
    Set<Shape> others = new java.util.HashSet<>();
    for (Shape shape : shapes.values()) {
      if (shape.rank() != 4) {
        return Optional.empty();
      }
      widths.add(shape.dimension(1));
      others.add(Shape.of(shape.dimension(0), shape.dimension(2), shape.dimension(3)));
    }
    boolean both =
        widths.size() == 2
            && widths.contains(4L)
            && (widths.contains(8L) || widths.contains(9L))
            && others.size() == 1;
    return both ? Optional.of(new WideChannels(4, widths.contains(9L) ? 9 : 8)) : Optional.empty();
  }

  boolean isWide(Shape shape) {
    return shape.dimension(1) == wide;
  }
}
