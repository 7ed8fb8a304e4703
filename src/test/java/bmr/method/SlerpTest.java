package bmr.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlerpTest {
  private static final long SEED = 23;

  private final Slerp slerp = new Slerp();

  private double[] apply(double[] a, double[] b, double t) {
    double[] coefficients =
        slerp.coefficients(
            new double[][] {{dot(a, a), dot(a, b)}, {dot(b, a), dot(b, b)}}, new double[] {t});
    return blend(coefficients, a, b);
  }

  private static double[] blend(double[] coefficients, double[] a, double[] b) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = coefficients[0] * a[i] + coefficients[1] * b[i];
    }
    return result;
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /**
   * Another way to the same point: rotate A's direction by t·ω in the plane of A and B, spanned by
   * an orthonormal basis, and stretch.
   */
  private static double[] byRotation(double[] a, double[] b, double t) {
    int n = a.length;
    double lengthA = Math.sqrt(dot(a, a));
    double lengthB = Math.sqrt(dot(b, b));
    double[] along = new double[n];
    double[] across = new double[n];
    for (int i = 0; i < n; i++) {
      along[i] = a[i] / lengthA;
    }
    double projection = dot(b, along);
    for (int i = 0; i < n; i++) {
      across[i] = b[i] - projection * along[i];
    }
    double height = Math.sqrt(dot(across, across));
    double angle = Math.atan2(height, projection) * t;
    double length = lengthA + t * (lengthB - lengthA);
    double[] result = new double[n];
    for (int i = 0; i < n; i++) {
      result[i] = length * (Math.cos(angle) * along[i] + Math.sin(angle) * across[i] / height);
    }
    return result;
  }

  @Test
  void agreesWithARotationInThePlaneOfBoth() {
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      int n = 2 + random.nextInt(40);
      double[] a = random.doubles(n, -1, 1).toArray();
      double[] b = random.doubles(n, -3, 3).toArray();
      if (round % 3 == 0) {
        for (int i = 0; i < n; i++) {
          b[i] = 1.3 * a[i] + 1e-4 * b[i]; // nearly parallel, as two models of one family
        }
      }
      if (dot(a, b) < -0.99 * Math.sqrt(dot(a, a) * dot(b, b))) {
        continue;
      }
      double t = random.nextDouble();
      assertArrayEquals(byRotation(a, b, t), apply(a, b, t), 1e-11, "seed " + SEED + ", " + round);
    }
  }

  @Test
  void quarterCircleByHand() {
    // directions at right angles, halfway: 45 degrees; lengths 2 and 4: 3
    double half = 3 * Math.sqrt(0.5);
    assertArrayEquals(
        new double[] {half, half}, apply(new double[] {2, 0}, new double[] {0, 4}, 0.5), 1e-14);
  }

  @Test
  void theEndsAreExact() {
    double[][] products = {{0.3, 0.1}, {0.1, 0.7}};
    assertArrayEquals(new double[] {1, 0}, slerp.coefficients(products, new double[] {0}));
    assertArrayEquals(new double[] {0, 1}, slerp.coefficients(products, new double[] {1}));
  }

  @Test
  void theWeightSumTakesOverWhereTheArcIsNotDefined() {
    double[] weightSum = {0.75, 0.25};
    List<double[][]> products =
        List.of(
            new double[][] {{0, 0}, {0, 4}}, // A is zero
            new double[][] {{4, 0}, {0, 0}}, // B is zero
            new double[][] {{0, 0}, {0, 0}},
            new double[][] {{4, 6}, {6, 9}}, // parallel
            new double[][] {{4, 6.0000001}, {6.0000001, 9}}, // so by rounding
            new double[][] {{4, -6}, {-6, 9}}, // antiparallel
            new double[][] {{1, -0.9996}, {-0.9996, 1}},
            new double[][] {{Double.NaN, Double.NaN}, {Double.NaN, 1}},
            new double[][] {{Double.POSITIVE_INFINITY, 1}, {1, 1}},
            new double[][] {{1, 0.5}, {0.5, Double.POSITIVE_INFINITY}});
    for (double[][] each : products) {
      assertArrayEquals(weightSum, slerp.coefficients(each, new double[] {0.25}));
    }
  }

  @Test
  void parallelIsTheLimitOfNearlyParallel() {
    double cosine = Math.nextDown(1.0);
    double[] near =
        slerp.coefficients(new double[][] {{1, cosine}, {cosine, 1}}, new double[] {0.3});
    assertArrayEquals(new double[] {0.7, 0.3}, near, 1e-15);
  }

  @Test
  void lengthGoesLinearly() {
    double[] a = {1, 2, -2};
    double[] b = {-4, 4, 7};
    for (double t : new double[] {0, 0.2, 0.5, 0.9, 1}) {
      double[] result = apply(a, b, t);
      assertEquals((1 - t) * 3 + t * 9, Math.sqrt(dot(result, result)), 1e-12);
    }
  }

  /**
   * mergekit interpolates A and B themselves: with unit lengths the coefficients are the same, and
   * they go with its tensors.
   */
  @Test
  void directionsAgreeWithMergekit() throws IOException {
    JsonObject vectors =
        JsonParser.parseString(
                Files.readString(SharedData.require("data/peer_tests/mergekit_vectors.json")))
            .getAsJsonObject();
    double[] a = flat(vectors.get("v0"));
    double[] b = flat(vectors.get("v1"));
    double cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    double[][] unit = {{1, cosine}, {cosine, 1}};
    Map<String, JsonElement> expected = vectors.getAsJsonObject("slerp").asMap();
    assertTrue(expected.size() > 3);
    expected.forEach((t, result) ->
        assertArrayEquals(
            flat(result),
            blend(slerp.coefficients(unit, new double[] {Double.parseDouble(t)}), a, b),
            2e-6,
            "t = " + t));
  }

  @Test
  void nearlyEqualTensorsAgreeWithMergekit() throws IOException {
    JsonObject vectors =
        JsonParser.parseString(
                Files.readString(SharedData.require("data/peer_tests/mergekit_vectors.json")))
            .getAsJsonObject();
    double[] a = flat(vectors.get("v0"));
    double[] b = a.clone();
    for (int i = 0; i < b.length; i++) {
      b[i] *= 1.0001;
    }
    vectors
        .getAsJsonObject("slerp_colinear_v1=v0*1.0001")
        .asMap()
        .forEach((t, result) ->
            assertArrayEquals(flat(result), apply(a, b, Double.parseDouble(t)), 2e-6, "t = " + t));
  }

  private static double[] flat(JsonElement element) {
    List<Double> values = new ArrayList<>();
    for (JsonElement row : element.getAsJsonArray()) {
      JsonArray numbers = row.getAsJsonArray();
      numbers.forEach(number -> values.add(number.getAsDouble()));
    }
    return values.stream().mapToDouble(value -> value).toArray();
  }
}
