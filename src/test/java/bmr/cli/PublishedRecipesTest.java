package bmr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recipes that people published, imported and planned without files, against what others read out
 * of them: coefficients per block of every named result.
 */
class PublishedRecipesTest {
  private static final double TOLERANCE = 1e-9;
  private static final int BLOCKS = 26;

  /** Cases whose meaning cannot be compared, and why. */
  private static final Map<String, String> LEFT_OUT = Map.of();

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> meansWhatOthersReadOutOfIt() throws IOException {
    Path all = SharedData.require("data/recipes");
    List<DynamicTest> tests = new ArrayList<>();
    for (String kind : List.of("supermerger", "table")) {
      try (Stream<Path> files = Files.list(all.resolve(kind))) {
        files
            .filter(file -> file.toString().endsWith(".txt"))
            .sorted()
            .forEach(file ->
                tests.add(
                    DynamicTest.dynamicTest(kind + "/" + file.getFileName(), () -> check(file))));
      }
    }
    return tests.stream();
  }

  private void check(Path text) throws IOException {
    String stem = String.valueOf(text.getFileName()).replace(".txt", "");
    if (LEFT_OUT.containsKey(stem)) {
      System.out.println("not compared: " + stem + ": " + LEFT_OUT.get(stem));
      return;
    }
    JsonObject expected =
        JsonParser.parseString(Files.readString(text.resolveSibling(stem + ".expected.json")))
            .getAsJsonObject();
    Path script = folder.resolve(stem + ".bmr");
    CommandRun imported =
        CommandRun.in(
            folder,
            "import",
            text.toAbsolutePath().toString(),
            "-o",
            script.toString(),
            "--overwrite");
    if (expected.get("ambiguous").getAsBoolean()) {
      assertTrue(imported.err().contains("warning"), "no question: " + imported.err());
      return;
    }
    assertEquals(ExitStatus.DONE, imported.status(), imported.err());
    CommandRun plan = CommandRun.in(folder, "plan", script.toString(), "--json");
    String shown = Files.readString(script) + "\n" + imported.err() + plan.err();
    assertEquals(ExitStatus.DONE, plan.status(), shown);
    var actual = new java.util.LinkedHashMap<String, List<Map<String, Double>>>();
    for (JsonElement element :
        JsonParser.parseString(plan.out()).getAsJsonObject().getAsJsonArray("definitions")) {
      JsonObject definition = element.getAsJsonObject();
      actual.put(key(definition.get("name").getAsString()), blocks(definition));
    }
    var steps = new Steps();
    for (JsonElement element : expected.getAsJsonArray("steps")) {
      JsonObject step = element.getAsJsonObject();
      List<Map<String, Double>> meant = steps.evaluate(step);
      if (meant.isEmpty() || isGivenAgain(expected, step)) {
        continue;
      }
      String name =
          step.get("result").isJsonNull()
              ? actual.lastEntry().getKey()
              : key(step.get("result").getAsString());
      assertTrue(actual.containsKey(name), "no definition `" + name + "`:\n" + shown);
      compare(name, meant, actual.get(name), shown);
    }
  }

  /** A name that a later step takes over, or one that no publication wrote. */
  private static boolean isGivenAgain(JsonObject expected, JsonObject step) {
    if (step.get("result").isJsonNull()) {
      return false;
    }
    String result = step.get("result").getAsString();
    long times =
        expected.getAsJsonArray("steps").asList().stream()
            .map(other -> other.getAsJsonObject().get("result"))
            .filter(other -> !other.isJsonNull() && other.getAsString().equals(result))
            .count();
    return times > 1 || result.indexOf('#') >= 0;
  }

  private static void compare(
      String name,
      List<Map<String, Double>> meant,
      List<Map<String, Double>> actual,
      String shown) {
    for (int block = 0; block < BLOCKS; block++) {
      Map<String, Double> left = meant.get(block);
      Map<String, Double> right = actual.get(block);
      var models = new TreeSet<>(left.keySet());
      models.addAll(right.keySet());
      for (String model : models) {
        assertEquals(
            left.getOrDefault(model, 0.0),
            right.getOrDefault(model, 0.0),
            TOLERANCE,
            name + ", block " + block + ", " + model + "\n" + left + "\n" + right + "\n" + shown);
      }
    }
  }

  private static List<Map<String, Double>> blocks(JsonObject definition) {
    List<Map<String, Double>> blocks = new ArrayList<>();
    for (Map.Entry<String, JsonElement> block : definition.getAsJsonObject("blocks").entrySet()) {
      if (blocks.size() < BLOCKS) {
        var terms = new HashMap<String, Double>();
        block
            .getValue()
            .getAsJsonObject()
            .entrySet()
            .forEach(term ->
                terms.merge(key(term.getKey()), term.getValue().getAsDouble(), Double::sum));
        blocks.add(terms);
      }
    }
    return blocks;
  }

  /** A name without extension, letter case and separators. */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replaceAll("\\.(safetensors|ckpt)", "")
        .replaceAll("[\\s_-]+", "");
  }

  /** The steps others wrote down, expanded to files. */
  private static final class Steps {
    private final Map<String, List<Map<String, Double>>> results = new HashMap<>();

    List<Map<String, Double>> evaluate(JsonObject step) {
      List<Map<String, Double>> sum = new ArrayList<>();
      for (int block = 0; block < BLOCKS; block++) {
        sum.add(new TreeMap<>());
      }
      switch (step.get("mode").getAsString()) {
        case "weighted_sum" -> {
          double[] alpha = weights(step);
          add(sum, step.get("a").getAsString(), map(alpha, w -> 1 - w));
          add(sum, step.get("b").getAsString(), alpha);
        }
        case "add_difference" -> {
          double[] alpha = weights(step);
          add(sum, step.get("a").getAsString(), map(alpha, w -> 1));
          add(sum, step.get("b").getAsString(), alpha);
          add(sum, step.get("c").getAsString(), map(alpha, w -> -w));
        }
        case "linear" -> {
          for (JsonElement term : step.getAsJsonArray("terms")) {
            JsonObject part = term.getAsJsonObject();
            double[] all = new double[BLOCKS];
            java.util.Arrays.fill(all, part.get("coef").getAsDouble());
            add(sum, part.get("model").getAsString(), all);
          }
        }
        default -> {
          return List.of();
        }
      }
      if (!step.get("result").isJsonNull()) {
        results.put(key(step.get("result").getAsString()), sum);
      }
      return sum;
    }

    private void add(List<Map<String, Double>> sum, String model, double[] weights) {
      List<Map<String, Double>> known = results.get(key(model));
      for (int block = 0; block < BLOCKS; block++) {
        double weight = weights[block];
        if (known == null) {
          sum.get(block).merge(key(model), weight, Double::sum);
        } else {
          for (Map.Entry<String, Double> term : known.get(block).entrySet()) {
            sum.get(block).merge(term.getKey(), weight * term.getValue(), Double::sum);
          }
        }
      }
    }

    private static double[] weights(JsonObject step) {
      double[] weights = new double[BLOCKS];
      if (step.has("alpha_blocks") && !step.get("alpha_blocks").isJsonNull()) {
        JsonArray list = step.getAsJsonArray("alpha_blocks");
        assertEquals(BLOCKS, list.size());
        for (int block = 0; block < BLOCKS; block++) {
          weights[block] = list.get(block).getAsDouble();
        }
      } else {
        java.util.Arrays.fill(weights, step.get("alpha").getAsDouble());
      }
      return weights;
    }

    private static double[] map(double[] weights, java.util.function.DoubleUnaryOperator change) {
      return java.util.Arrays.stream(weights).map(change).toArray();
    }
  }
}
