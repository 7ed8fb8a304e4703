package bmr.report.svg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An order of things in which those that are alike stand together: average linkage (UPGMA, Sokal
 * and Michener 1958), the two ends of joined groups that are nearest put side by side.
 */
public final class Clustering {
  private Clustering() {}

  /**
   * The order of things.
   *
   * @param distance symmetric; NaN counts as the greatest
   * @return every index once
   */
  public static int[] order(double[][] distance) {
    var groups = new ArrayList<List<Integer>>();
    for (int i = 0; i < distance.length; i++) {
      groups.add(List.of(i));
    }
    while (groups.size() > 1) {
      int left = 0;
      int right = 1;
      double nearest = Double.POSITIVE_INFINITY;
      for (int i = 0; i < groups.size(); i++) {
        for (int j = i + 1; j < groups.size(); j++) {
          double mean = mean(groups.get(i), groups.get(j), distance);
          if (mean < nearest) {
            nearest = mean;
            left = i;
            right = j;
          }
        }
      }
      List<Integer> second = groups.remove(right);
      groups.set(left, joined(groups.get(left), second, distance));
    }
    return groups.isEmpty()
        ? new int[0]
        : groups.getFirst().stream().mapToInt(Integer::intValue).toArray();
  }

  private static double mean(List<Integer> left, List<Integer> right, double[][] distance) {
    double sum = 0;
    for (int i : left) {
      for (int j : right) {
        sum += at(distance, i, j);
      }
    }
    return sum / left.size() / right.size();
  }

  private static double at(double[][] distance, int i, int j) {
    return Double.isNaN(distance[i][j]) ? 1e9 : distance[i][j];
  }

  private static List<Integer> joined(List<Integer> a, List<Integer> b, double[][] distance) {
    double[] between = {
      at(distance, a.getLast(), b.getFirst()),
      at(distance, a.getLast(), b.getLast()),
      at(distance, a.getFirst(), b.getFirst()),
      at(distance, a.getFirst(), b.getLast())
    };
    double least = Arrays.stream(between).min().orElseThrow();
    var all = new ArrayList<Integer>();
    if (between[0] == least) {
      all.addAll(a);
      all.addAll(b);
    } else if (between[1] == least) {
      all.addAll(a);
      all.addAll(b.reversed());
    } else if (between[2] == least) {
      all.addAll(a.reversed());
      all.addAll(b);
    } else {
      all.addAll(b);
      all.addAll(a);
    }
    return all;
  }
}
