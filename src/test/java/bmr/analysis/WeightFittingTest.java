package bmr.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.analysis.WeightFitting.Found;
import bmr.analysis.WeightFitting.Result;
import bmr.analysis.WeightFitting.Variable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random recipes against plain loops over the values of their models. */
class WeightFittingTest {
  private static final long SEED = 30;
  private static final int ROUNDS = 12;

  @TempDir private Path folder;

  private RandomFit random(int round) throws IOException {
    return new RandomFit(
        Files.createDirectory(folder.resolve("round" + round)), new Random(SEED + round));
  }

  private static List<Variable> unknowns(double low, double high, double... start) {
    var variables = new ArrayList<Variable>();
    for (int u = 0; u < RandomFit.UNKNOWNS; u++) {
      variables.add(new Variable("w" + u, low, high, start[u]));
    }
    return variables;
  }

  private static double[] point(Random random, double low, double high) {
    return random.doubles(RandomFit.UNKNOWNS, low, high).toArray();
  }

  @Test
  void distanceAndGradientAreThoseOfPlainLoops() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      RandomFit fit = random(round);
      String where = "seed " + SEED + " round " + round + "\n" + fit.text();
      var random = new Random(SEED - round);
      SquaredDistance objective =
          fit.fitting(
                  unknowns(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, point(random, 0, 1)))
              .objective();
      for (int trial = 0; trial < 3; trial++) {
        double[] point = point(random, -0.5, 1);
        SquaredDistance.Value value = objective.at(point);
        double square = fit.square(point);
        assertEquals(square, value.square(), 1e-10 * (1 + square), where);
        for (int u = 0; u < point.length; u++) {
          double step = 1e-4;
          double[] more = point.clone();
          double[] less = point.clone();
          more[u] += step;
          less[u] -= step;
          // the gradient is that of half the square
          double slope = (fit.square(more) - fit.square(less)) / (4 * step);
          assertEquals(slope, value.gradient()[u], 1e-6 * (1 + square), where);
        }
      }
    }
  }

  @Test
  void boundsHoldAndNothingWithinThemIsBetter() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      RandomFit fit = random(round);
      String where = "seed " + SEED + " round " + round + "\n" + fit.text();
      var random = new Random(SEED + 100 + round);
      double low = -0.1 * random.nextInt(3);
      double high = low + 0.05 + 0.4 * random.nextDouble();
      Optional<BigDecimal> unit =
          round % 3 == 0 ? Optional.of(new BigDecimal("0.02")) : Optional.empty();
      Result result = fit.fitting(unknowns(low, high, point(random, low, high))).fit(unit);
      double[] found =
          result.weights().stream().mapToDouble(weight -> weight.value().doubleValue()).toArray();
      for (Found weight : result.weights()) {
        double value = weight.value().doubleValue();
        assertTrue(low <= value && value <= high, weight + "\n" + where);
        assertTrue(
            unit.isEmpty()
                || !result.improved()
                || weight.value().remainder(unit.get()).signum() == 0,
            weight + "\n" + where);
      }
      assertTrue(result.after() <= result.before(), where);
      assertEquals(Math.sqrt(fit.square(found)), result.after(), 1e-8, where);
      for (int trial = 0; trial < 300 && unit.isEmpty(); trial++) {
        double[] other = point(random, low, high);
        assertTrue(fit.square(found) <= fit.square(other) + 1e-9, where);
      }
    }
  }

  @Test
  void aPerfectStartIsKept() throws IOException {
    RandomFit fit = random(0);
    List<Variable> free =
        unknowns(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0.1, 0.1, 0.1, 0.1);
    double[] best =
        fit.fitting(free).fit(Optional.empty()).weights().stream()
            .mapToDouble(weight -> weight.value().doubleValue())
            .toArray();
    Result again =
        fit.fitting(unknowns(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, best))
            .fit(Optional.of(new BigDecimal("0.5")));
    assertTrue(again.after() <= again.before());
    assertEquals(Math.sqrt(fit.square(best)), again.before(), 1e-8);
  }
}
