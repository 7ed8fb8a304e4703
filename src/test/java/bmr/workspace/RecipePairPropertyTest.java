package bmr.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.graph.RecipeDifference;
import bmr.graph.RecipeDifference.Change;
import bmr.graph.TensorGroup;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.recipe.Wanted;
import bmr.sample.ArchitectureKeys;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random recipes, written in two ways, are the same; with one weight changed they differ there. */
class RecipePairPropertyTest {
  private static final List<String> SOURCES =
      List.of("Anything", "Berry", "Counter", "Deli", "Evt");

  private static final List<String> BLOCKS =
      Architecture.SD1.blocks().stream().map(Block::label).toList();

  @TempDir private Path folder;

  /** A weight: a number, and other numbers in some blocks, in thousandths. */
  private record Weight(int number, Map<String, Integer> blocks) {
    Weight rest() {
      Map<String, Integer> rest = new LinkedHashMap<>();
      blocks.forEach((block, value) -> rest.put(block, 1000 - value));
      return new Weight(1000 - number, rest);
    }

    /** As a number or percentage, a map, or a list of 26. */
    String text(Random random) {
      if (blocks.isEmpty()) {
        return number(number, random);
      }
      if (random.nextBoolean()) {
        return BLOCKS.stream()
            .map(block -> number(blocks.getOrDefault(block, number), random))
            .collect(Collectors.joining(", ", "(", ")"));
      }
      List<String> entries = new ArrayList<>();
      blocks.forEach((block, value) -> entries.add(block + ": " + number(value, random)));
      Collections.shuffle(entries, random);
      entries.add("else " + number(number, random));
      return "{" + String.join(", ", entries) + "}";
    }

    private static String number(int thousandths, Random random) {
      return random.nextBoolean()
          ? BigDecimal.valueOf(thousandths, 3).toPlainString()
          : BigDecimal.valueOf(thousandths, 1).stripTrailingZeros().toPlainString() + "%";
    }
  }

  private sealed interface Formula {
    record Sum(List<Weight> weights, List<String> operands) implements Formula {}

    record Slerp(String left, String right, Weight t) implements Formula {}
  }

  /** Writes definitions under new names, in another order, some of them where they are used. */
  private static final class Writing {
    private final List<Formula> formulas;
    private final Random random;
    private final Map<String, String> names = new HashMap<>();

    Writing(List<Formula> formulas, Random random) {
      this.formulas = formulas;
      this.random = random;
      for (int i = 0; i < formulas.size(); i++) {
        names.put("#" + i, "step" + random.nextInt(1000) + "q" + i);
      }
      names.put("#" + (formulas.size() - 1), "RESULT");
    }

    String text() {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < formulas.size(); i++) {
        String name = names.getOrDefault("#" + i, "");
        String formula = formula(formulas.get(i));
        lines.add(random.nextBoolean() ? name + " = " + formula : formula + " -> " + name);
      }
      Collections.shuffle(lines, random);
      return String.join("\n", lines) + "\nsave RESULT f16\n";
    }

    private String formula(Formula formula) {
      return switch (formula) {
        case Formula.Sum sum -> {
          List<String> terms = new ArrayList<>();
          for (int i = 0; i < sum.operands().size(); i++) {
            String weight = sum.weights().get(i).text(random);
            terms.add(operand(sum.operands().get(i)) + " x " + weight);
          }
          Collections.shuffle(terms, random);
          yield String.join(" + ", terms);
        }
        case Formula.Slerp slerp ->
            "slerp("
                + operand(slerp.left())
                + ", "
                + operand(slerp.right())
                + ", t = "
                + slerp.t().text(random)
                + ")";
      };
    }

    private String operand(String name) {
      if (!name.startsWith("#")) {
        return name;
      }
      return random.nextInt(3) == 0
          ? "(" + formula(formulas.get(Integer.parseInt(name.substring(1)))) + ")"
          : names.getOrDefault(name, "");
    }
  }

  private static Weight weight(Random random) {
    Map<String, Integer> blocks = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        blocks.put(BLOCKS.get(random.nextInt(BLOCKS.size())), random.nextInt(1001));
      }
    }
    return new Weight(random.nextInt(1001), blocks);
  }

  private static List<Formula> recipe(Random random) {
    List<Formula> formulas = new ArrayList<>();
    List<String> names = new ArrayList<>(SOURCES);
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      // the last one before takes part, so that little is left unused
      String left = i == 0 ? pick(names, random) : "#" + (i - 1);
      String right = pick(names, random);
      Weight weight = weight(random);
      formulas.add(
          random.nextInt(4) == 0
              ? new Formula.Slerp(left, right, weight)
              : new Formula.Sum(List.of(weight.rest(), weight), List.of(left, right)));
      names.add("#" + i);
    }
    return formulas;
  }

  private static String pick(List<String> names, Random random) {
    return names.get(random.nextInt(names.size()));
  }

  private Workspace open(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    var request =
        new Workspace.Request(
            Optional.of(file),
            Optional.empty(),
            List.of(),
            new LinkedHashMap<>(),
            Wanted.AS_WRITTEN);
    return Workspace.open(request, Reading.textOnly(Optional.of(Architecture.SD1)));
  }

  private RecipeDifference difference(String old, String now) throws IOException {
    try (Workspace left = open("old.bmr", old);
        Workspace right = open("new.bmr", now)) {
      assertTrue(!left.failed(), () -> left.diagnostics() + "\n" + old);
      assertTrue(!right.failed(), () -> right.diagnostics() + "\n" + now);
      return new RecipePair(left, right, Map.of())
          .difference(false, ArchitectureKeys.of(Architecture.SD1), new BigDecimal("1e-9"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anotherWritingIsTheSame(long seed) throws IOException {
    var random = new Random(seed);
    List<Formula> formulas = recipe(random);
    String old = new Writing(formulas, random).text();
    String now = new Writing(formulas, random).text();
    RecipeDifference difference = difference(old, now);
    assertTrue(
        difference.same(),
        () -> "seed " + seed + "\n" + old + "\n" + now + "\n" + difference.models());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aChangedWeightIsFoundWhereItIs(long seed) throws IOException {
    var random = new Random(seed);
    List<Formula> formulas = recipe(random);
    String block = BLOCKS.get(random.nextInt(BLOCKS.size()));
    String base = "#" + (formulas.size() - 1);
    Weight before = new Weight(300, Map.of(block, 200));
    Weight after = new Weight(300, Map.of(block, 250));
    String old = new Writing(with(formulas, base, before), random).text();
    String now = new Writing(with(formulas, base, after), random).text();
    RecipeDifference difference = difference(old, now);
    String shown = "seed " + seed + "\n" + old + "\n" + now + "\n" + difference.models();
    assertEquals(1, difference.models().size(), shown);
    List<Change> changes = difference.models().getFirst().changes();
    Change last =
        changes.stream().filter(change -> change.name().equals("Fresh")).findFirst().orElseThrow();
    assertEquals(0, last.left().compareTo(new BigDecimal("0.2")), shown);
    assertEquals(0, last.right().compareTo(new BigDecimal("0.25")), shown);
    List<TensorGroup> all =
        difference.groups().stream().filter(group -> group.block().label().equals(block)).toList();
    assertEquals(all, last.groups(), shown);
    for (Change change : changes) {
      assertTrue(all.containsAll(change.groups()), shown);
    }
    assertTrue(changes.size() >= 2, shown);
    assertTrue(difference.models().getFirst().calls().isEmpty(), shown);
  }

  private static List<Formula> with(List<Formula> formulas, String base, Weight weight) {
    List<Formula> all = new ArrayList<>(formulas);
    all.add(new Formula.Sum(List.of(weight.rest(), weight), List.of(base, "Fresh")));
    return all;
  }
}
