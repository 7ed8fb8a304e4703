package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.source.SourceText;
import bmr.syntax.tree.Statement;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The Blessing Mix in {@code examples} says what the post says. */
class ExampleTest {
  private static final Path EXAMPLE = Path.of("examples/blessing-mix.bmr");

  private static Parsed example() {
    return Parser.parse(Parser.read(EXAMPLE, EXAMPLE.toString()));
  }

  @Test
  void parsesWithoutProblem() {
    assertEquals(List.of(), example().diagnostics());
  }

  @Test
  void savesBlessingMixV1Alone() {
    List<Statement> saves =
        example().script().statements().stream().filter(s -> s instanceof Statement.Save).toList();
    assertEquals(
        "save \"BlessingMix V1\" file=BlessingMix V1.safetensors f16\n", TreePrinter.print(saves));
  }

  @Test
  void beginsWithHowToRunIt() throws Exception {
    String head = String.join("\n", Files.readAllLines(EXAMPLE).subList(0, 6));
    assertTrue(head.contains("bmr run examples/blessing-mix.bmr --models DIR"), head);
  }

  /** Every step that others read out of the post, written here and compared as trees. */
  @Test
  void meansTheStepsOfThePost() throws Exception {
    Path file = SharedData.require("data/recipes/supermerger/01_blessing_mix_seed.expected.json");
    Map<String, String> expected = new TreeMap<>();
    for (var element :
        JsonParser.parseString(Files.readString(file)).getAsJsonObject().getAsJsonArray("steps")) {
      JsonObject step = element.getAsJsonObject();
      expected.put(step.get("result").getAsString(), formula(step, expected));
    }
    Map<String, String> actual = new TreeMap<>();
    for (var statement : example().script().statements()) {
      if (statement instanceof Statement.Definition d) {
        actual.put(d.name().text(), Normal.of(d));
      }
    }
    assertEquals(expected, actual);
  }

  private static String formula(JsonObject step, Map<String, String> earlier) {
    String weight =
        step.has("alpha_blocks")
            ? numbers(step.getAsJsonArray("alpha_blocks"))
            : Normal.number(step.get("alpha").getAsBigDecimal());
    String a = step.get("a").getAsString();
    if (a.contains("#")) {
      // the temporary result of a formula in brackets, which has no name in the script
      a = "(" + earlier.remove(a) + ")";
    }
    String b = step.get("b").getAsString();
    return switch (step.get("mode").getAsString()) {
      case "weighted_sum" -> "weight sum " + a + ", " + b + " by " + weight;
      case "add_difference" ->
          "add difference " + a + ", " + b + " - " + step.get("c").getAsString() + " by " + weight;
      default -> "unknown mode " + step;
    };
  }

  private static String numbers(JsonArray values) {
    List<String> numbers = new ArrayList<>();
    values.forEach(value -> numbers.add(Normal.number(value.getAsBigDecimal())));
    return numbers.toString();
  }

  @Test
  void nothingElseIsAskedOfAPost() throws Exception {
    Path folder = SharedData.require("data/recipes/supermerger");
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        SourceText source = Parser.read(file, file.getFileName().toString());
        Invariants.check(source);
      }
    }
  }
}
