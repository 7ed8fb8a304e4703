package bmr.report.svg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Layers, places and clusters on random graphs. */
class LayersTest {
  @Test
  void everyEdgeGoesDownOneLayerAtATime() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int nodes = 1 + random.nextInt(14);
      List<int[]> edges = edges(random, nodes);
      var layers = new Layers(nodes, edges);
      var seen = new HashSet<Integer>();
      for (List<Layers.Slot> layer : layers.layers()) {
        for (Layers.Slot slot : layer) {
          assertTrue(slot.isBend() || seen.add(slot.node), "seed " + seed);
        }
      }
      assertEquals(nodes, seen.size(), "seed " + seed);
      for (Layers.Path path : layers.paths()) {
        int[] edge = edges.get(path.edge());
        assertEquals(edge[0], path.slots().getFirst().node, "seed " + seed);
        assertEquals(edge[1], path.slots().getLast().node, "seed " + seed);
        for (int i = 1; i < path.slots().size(); i++) {
          assertEquals(
              path.slots().get(i - 1).layer + 1, path.slots().get(i).layer, "seed " + seed);
        }
      }
    }
  }

  @Test
  void boxesNeverOverlap() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      int nodes = 1 + random.nextInt(14);
      var layers = new Layers(nodes, edges(random, nodes));
      var places = new Places(layers, slot -> slot.isBend() ? 4 : 30 + slot.node * 7, 10);
      for (List<Layers.Slot> layer : layers.layers()) {
        for (int i = 1; i < layer.size(); i++) {
          Layers.Slot left = layer.get(i - 1);
          Layers.Slot right = layer.get(i);
          double room = places.x(right) - places.x(left);
          double need = (width(left) + width(right)) / 2 + 10;
          assertTrue(room > need - 1e-6, "seed " + seed + ": " + room + " < " + need);
        }
        for (Layers.Slot slot : layer) {
          assertTrue(places.x(slot) >= width(slot) / 2 - 1e-6, "seed " + seed);
          assertTrue(places.x(slot) <= places.width() - width(slot) / 2 + 1e-6, "seed " + seed);
        }
      }
    }
  }

  private static double width(Layers.Slot slot) {
    return slot.isBend() ? 4 : 30 + slot.node * 7;
  }

  private static List<int[]> edges(Random random, int nodes) {
    var edges = new ArrayList<int[]>();
    for (int to = 1; to < nodes; to++) {
      for (int from = 0; from < to; from++) {
        if (random.nextInt(3) == 0) {
          edges.add(new int[] {from, to});
        }
      }
    }
    return edges;
  }

  @Test
  void crossingsThatNeedNotBeAreUndone() {
    // 0 and 1 above, 2 and 3 below, joined crosswise
    var layers = new Layers(4, List.of(new int[] {0, 3}, new int[] {1, 2}));
    List<Integer> first = layers.layers().get(0).stream().map(slot -> slot.node).toList();
    List<Integer> second = layers.layers().get(1).stream().map(slot -> slot.node).toList();
    assertEquals(first.indexOf(0) < first.indexOf(1), second.indexOf(3) < second.indexOf(2));
  }

  @Test
  void whatIsUsedComesFirst() {
    assertThrows(IllegalArgumentException.class, () -> new Layers(2, List.of(new int[] {1, 0})));
  }

  @Test
  void poolingGivesTheNearestOrderedNumbers() {
    assertArrayEquals(
        new double[] {1, 2, 2, 5},
        Places.pooled(new double[] {1, 3, 1, 5}, new double[] {1, 1, 1, 1}));
    assertArrayEquals(
        new double[] {1.5, 1.5}, Places.pooled(new double[] {3, 1}, new double[] {1, 3}), 1e-12);
  }

  @Test
  void relativesStandTogether() {
    double[] at = {0, 10, 0.5, 10.4, 5, 0.2};
    var distance = new double[at.length][at.length];
    for (int i = 0; i < at.length; i++) {
      for (int j = 0; j < at.length; j++) {
        distance[i][j] = Math.abs(at[i] - at[j]);
      }
    }
    int[] order = Clustering.order(distance);
    var places = new ArrayList<Integer>();
    for (int index : order) {
      places.add(index);
    }
    assertEquals(6, new HashSet<>(places).size());
    assertEquals(1, Math.abs(places.indexOf(1) - places.indexOf(3)));
    assertTrue(Math.abs(places.indexOf(0) - places.indexOf(2)) <= 2);
    assertEquals(0, Clustering.order(new double[0][0]).length);
  }
}
