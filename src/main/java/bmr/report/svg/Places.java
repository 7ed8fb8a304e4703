package bmr.report.svg;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Where boxes stand from left to right: in the order of their layer, apart by a gap, and else as
 * near to the mean of what they are joined to as their neighbours allow. For each layer that is a
 * least-squares problem with ordered unknowns, solved by pooling neighbours that want to change
 * places.
 */
final class Places {
  private static final int ROUNDS = 24;

  private final Map<Layers.Slot, Double> middle = new HashMap<>();
  private final ToDoubleFunction<Layers.Slot> size;
  private final double gap;
  private double width;

  Places(Layers layers, ToDoubleFunction<Layers.Slot> size, double gap) {
    this.size = size;
    this.gap = gap;
    for (List<Layers.Slot> layer : layers.layers()) {
      double x = 0;
      for (Layers.Slot slot : layer) {
        double own = size.applyAsDouble(slot);
        middle.put(slot, x + own / 2);
        x += own + gap;
      }
    }
    int count = layers.layers().size();
    for (int round = 0; round < ROUNDS; round++) {
      boolean down = round % 2 == 0;
      for (int i = 0; i < count; i++) {
        settle(layers.layers().get(down ? i : count - 1 - i), down);
      }
    }
    shift(layers);
  }

  /** The middle of a slot. */
  double x(Layers.Slot slot) {
    return middle.getOrDefault(slot, 0.0);
  }

  double width() {
    return width;
  }

  private void settle(List<Layers.Slot> layer, boolean down) {
    int n = layer.size();
    double[] offset = new double[n];
    double[] wish = new double[n];
    double[] force = new double[n];
    for (int i = 0; i < n; i++) {
      Layers.Slot slot = layer.get(i);
      if (i > 0) {
        Layers.Slot before = layer.get(i - 1);
        offset[i] =
            offset[i - 1] + (size.applyAsDouble(before) + size.applyAsDouble(slot)) / 2 + gap;
      }
      List<Layers.Slot> near = down ? slot.above : slot.below;
      List<Layers.Slot> used = near.isEmpty() ? (down ? slot.below : slot.above) : near;
      wish[i] = used.stream().mapToDouble(this::x).average().orElse(x(slot)) - offset[i];
      force[i] = slot.isBend() ? 4 : 1; // long lines straight before boxes centred
    }
    double[] found = pooled(wish, force);
    for (int i = 0; i < n; i++) {
      middle.put(layer.get(i), found[i] + offset[i]);
    }
  }

  /** The non-decreasing numbers nearest to those wished (pool adjacent violators). */
  static double[] pooled(double[] wish, double[] force) {
    int n = wish.length;
    double[] mean = new double[n];
    double[] mass = new double[n];
    int[] length = new int[n];
    int pools = 0;
    for (int i = 0; i < n; i++) {
      mean[pools] = wish[i];
      mass[pools] = force[i];
      length[pools] = 1;
      pools++;
      while (pools > 1 && mean[pools - 2] > mean[pools - 1]) {
        double both = mass[pools - 2] + mass[pools - 1];
        mean[pools - 2] =
            (mean[pools - 2] * mass[pools - 2] + mean[pools - 1] * mass[pools - 1]) / both;
        mass[pools - 2] = both;
        length[pools - 2] += length[pools - 1];
        pools--;
      }
    }
    double[] result = new double[n];
    int at = 0;
    for (int pool = 0; pool < pools; pool++) {
      for (int i = 0; i < length[pool]; i++) {
        result[at++] = mean[pool];
      }
    }
    return result;
  }

  private void shift(Layers layers) {
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    for (List<Layers.Slot> layer : layers.layers()) {
      for (Layers.Slot slot : layer) {
        double half = size.applyAsDouble(slot) / 2;
        left = Math.min(left, x(slot) - half);
        right = Math.max(right, x(slot) + half);
      }
    }
    for (List<Layers.Slot> layer : layers.layers()) {
      for (Layers.Slot slot : layer) {
        middle.put(slot, x(slot) - left);
      }
    }
    width = layers.layers().isEmpty() ? 0 : right - left;
  }
}
