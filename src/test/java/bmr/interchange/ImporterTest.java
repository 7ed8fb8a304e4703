package bmr.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.SharedData;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import bmr.syntax.tree.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImporterTest {
  private static Imported read(String text) {
    return Importer.read(SourceText.of("post.txt", text), Optional.empty()).orElseThrow();
  }

  private static void parses(String script) {
    String bound = script.replace(" = ?", " = \"x.safetensors\"");
    var parsed = Parser.parse(SourceText.of("post.bmr", bound));
    assertTrue(parsed.diagnostics().isEmpty(), () -> parsed.diagnostics() + "\n" + script);
  }

  @Test
  void blessingMixHasTheDefinitionsOfTheExample() throws IOException {
    Path post = SharedData.require("reference/blessing-mix-post.txt");
    Imported imported = read(Files.readString(post));
    System.out.println(imported.script());
    parses(imported.script());
    assertEquals(0, imported.questions());
    assertEquals(
        names(Files.readString(Path.of("examples/blessing-mix.bmr"))), names(imported.script()));
  }

  private static List<String> names(String script) {
    String bound = script.replace(" = ?", " = \"x.safetensors\"");
    return Parser.parse(SourceText.of("x", bound)).script().statements().stream()
        .filter(Statement.Definition.class::isInstance)
        .map(definition -> ((Statement.Definition) definition).name().text())
        .sorted()
        .toList();
  }

  @Test
  void sumsWithoutWeightsAreQuestions() {
    assertEquals(1, read("A1 + B1 = C1").questions());
    assertEquals(1, read("Any + (Evt - v15) + Mix").questions());
  }

  @Test
  void multipliersAndHyphens() {
    assertTrue(read("W3 = W2 + Raw @ 0.3").script().contains("W3 = W2 x 0.7 + Raw x 0.3"));
    assertTrue(
        read("P = Ely+(mix4-any3)x1+(c3-any3)x0.4")
            .script()
            .contains("P = Ely + (mix4 - any3) x 1 + (c3 - any3) x 0.4"));
  }

  @Test
  void sharedRecipesAndTheirMutantsParse() throws IOException {
    Path folder = SharedData.require("data/recipes/supermerger");
    var random = new Random(7);
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".txt")).sorted().toList()) {
        String text = Files.readString(file);
        for (int round = 0; round < 20; round++) {
          Importer.read(SourceText.of("x", text), Optional.empty())
              .ifPresent(imported -> parses(imported.script()));
          int at = random.nextInt(text.length());
          text =
              text.substring(0, at)
                  + "()+-=x @,".charAt(random.nextInt(9))
                  + text.substring(at + 1);
        }
      }
    }
  }
}
