package bmr.report.svg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Layers of a graph without cycles, after Sugiyama, Tagawa and Toda (1981): every node below all
 * that it is made of, long edges cut into one piece for each layer, and nodes ordered inside layers
 * by the mean place of their neighbours until crossings no longer become fewer.
 */
final class Layers {
  private static final int SWEEPS = 12;

  /** A place in a layer: a node, or a bend of a long edge ({@code node} is -1). */
  static final class Slot {
    final int node;
    final int layer;
    final List<Slot> above = new ArrayList<>();
    final List<Slot> below = new ArrayList<>();
    double order;

    Slot(int node, int layer) {
      this.node = node;
      this.layer = layer;
    }

    boolean isBend() {
      return node < 0;
    }
  }

  /** The way of an edge: its ends and the bends between. */
  record Path(int edge, List<Slot> slots) {}

  private final List<List<Slot>> layers = new ArrayList<>();
  private final List<Path> paths = new ArrayList<>();

  /**
   * Orders a graph.
   *
   * @param nodes how many
   * @param edges pairs of what is used and what uses it; what is used has the smaller number
   */
  Layers(int nodes, List<int[]> edges) {
    int[] depth = new int[nodes];
    edges.stream()
        .sorted(Comparator.comparingInt(edge -> edge[1]))
        .forEach(edge -> {
          if (edge[0] >= edge[1]) {
            throw new IllegalArgumentException(edge[0] + " is not before " + edge[1]);
          }
          depth[edge[1]] = Math.max(depth[edge[1]], depth[edge[0]] + 1);
        });
    lower(depth, edges);
    Slot[] slots = new Slot[nodes];
    for (int node = 0; node < nodes; node++) {
      slots[node] = put(node, depth[node]);
    }
    for (int edge = 0; edge < edges.size(); edge++) {
      var path = new ArrayList<Slot>(List.of(slots[edges.get(edge)[0]]));
      Slot end = slots[edges.get(edge)[1]];
      for (int layer = path.getFirst().layer + 1; layer < end.layer; layer++) {
        path.add(put(-1, layer));
      }
      path.add(end);
      for (int i = 1; i < path.size(); i++) {
        path.get(i - 1).below.add(path.get(i));
        path.get(i).above.add(path.get(i - 1));
      }
      paths.add(new Path(edge, List.copyOf(path)));
    }
    order();
  }

  /** Nodes that nothing is above stand right over what uses them first, not all at the top. */
  private static void lower(int[] depth, List<int[]> edges) {
    int[] latest = new int[depth.length];
    java.util.Arrays.fill(latest, Integer.MAX_VALUE);
    boolean[] made = new boolean[depth.length];
    for (int[] edge : edges) {
      made[edge[1]] = true;
      latest[edge[0]] = Math.min(latest[edge[0]], depth[edge[1]] - 1);
    }
    for (int node = 0; node < depth.length; node++) {
      if (!made[node] && latest[node] != Integer.MAX_VALUE) {
        depth[node] = latest[node];
      }
    }
  }

  List<List<Slot>> layers() {
    return layers;
  }

  List<Path> paths() {
    return paths;
  }

  private Slot put(int node, int layer) {
    while (layers.size() <= layer) {
      layers.add(new ArrayList<>());
    }
    var slot = new Slot(node, layer);
    slot.order = layers.get(layer).size();
    layers.get(layer).add(slot);
    return slot;
  }

  private void order() {
    List<List<Slot>> best = copy();
    long fewest = crossings();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 1; i < layers.size(); i++) {
        sort(layers.get(down ? i : layers.size() - 1 - i), down);
      }
      long found = crossings();
      if (found < fewest) {
        fewest = found;
        best = copy();
      }
    }
    for (int layer = 0; layer < layers.size(); layer++) {
      layers.set(layer, best.get(layer));
      number(best.get(layer));
    }
  }

  private List<List<Slot>> copy() {
    var copy = new ArrayList<List<Slot>>();
    layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
    return copy;
  }

  private static void sort(List<Slot> layer, boolean down) {
    double[] means = new double[layer.size()];
    for (int i = 0; i < means.length; i++) {
      Slot slot = layer.get(i);
      List<Slot> neighbours = down ? slot.above : slot.below;
      means[i] = neighbours.stream().mapToDouble(n -> n.order).average().orElse(slot.order);
    }
    var places = new ArrayList<Integer>();
    for (int i = 0; i < means.length; i++) {
      places.add(i);
    }
    places.sort(Comparator.comparingDouble(i -> means[i]));
    List<Slot> sorted = places.stream().map(layer::get).toList();
    for (int i = 0; i < sorted.size(); i++) {
      layer.set(i, sorted.get(i));
    }
    number(layer);
  }

  private static void number(List<Slot> layer) {
    for (int i = 0; i < layer.size(); i++) {
      layer.get(i).order = i;
    }
  }

  /** Pairs of edges between neighbouring layers that cross. */
  private long crossings() {
    long count = 0;
    for (List<Slot> layer : layers) {
      var ends = new ArrayList<Double>();
      for (Slot slot : layer) {
        slot.below.stream().map(below -> below.order).sorted().forEach(ends::add);
      }
      int first = 0;
      for (int i = 0; i < layer.size(); i++) {
        int next = first + layer.get(i).below.size();
        for (int a = first; a < next; a++) {
          for (int b = next; b < ends.size(); b++) {
            count += ends.get(b) < ends.get(a) ? 1 : 0;
          }
        }
        first = next;
      }
    }
    return count;
  }
}
