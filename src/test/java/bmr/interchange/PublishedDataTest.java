package bmr.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.Golden;
import bmr.SharedData;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedDataTest {
  private static final Path OWN = Path.of("src/test/resources/bmr/interchange/data");

  private static SourceText text(Path file) throws IOException {
    return SourceText.of(file.getFileName().toString(), Files.readString(file));
  }

  private static String bound(String script) {
    return script.replace(" = ?", " = \"x.safetensors\"");
  }

  private static void parses(String script) {
    var parsed = Parser.parse(SourceText.of("post.bmr", bound(script)));
    assertTrue(parsed.diagnostics().isEmpty(), () -> parsed.diagnostics() + "\n" + script);
  }

  private static String said(Imported imported) {
    StringBuilder text = new StringBuilder(imported.script());
    text.append("---\nquestions: ").append(imported.questions()).append('\n');
    imported.findings().forEach(finding -> text.append(finding.problem().message()).append('\n'));
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "blocks.mecha,MECHA",
    "historic.mecha,MECHA",
    "linear.yml,MERGEKIT",
    "task.yml,MERGEKIT",
    "slerp.yml,MERGEKIT", "mergehistory.csv,HISTORY"
  })
  void ownCases(String name, PublishedForm form) throws IOException {
    SourceText text = text(OWN.resolve(name));
    Imported imported = Importer.read(text, Optional.empty()).orElseThrow();
    Golden.check("interchange/data/" + name + ".golden", said(imported));
    parses(imported.script());
    assertEquals(imported.script(), Importer.read(text, Optional.of(form)).orElseThrow().script());
  }

  @Test
  void sharedMechaRecipesParse() throws IOException {
    for (Path file : shared("data/recipes/mecha", ".mecha")) {
      SourceText text = text(file);
      assertTrue(MechaReader.recognises(text), file::toString);
      Imported imported = Importer.read(text, Optional.empty()).orElseThrow();
      parses(imported.script());
    }
  }

  @Test
  void sharedMergekitConfigurationsParse() throws IOException {
    for (Path file : shared("data/recipes/mergekit", ".yml")) {
      SourceText text = text(file);
      assertTrue(MergekitReader.recognises(text), file::toString);
      Imported imported = Importer.read(text, Optional.empty()).orElseThrow();
      parses(imported.script());
      boolean linear = file.toString().endsWith("linear.yml");
      assertEquals(linear ? 0 : 1, imported.questions(), file::toString);
    }
  }

  private static List<Path> shared(String folder, String ending) throws IOException {
    try (var files = Files.list(SharedData.require(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
