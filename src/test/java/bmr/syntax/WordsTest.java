package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bmr.diagnostic.ProblemException;
import bmr.source.SourceText;
import bmr.syntax.tree.Expression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bare weights and formulas, preset names, files. */
class WordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRAD_V",
        "GRAD_A",
        "FLAT_25",
        "FLAT_75",
        "WRAP08",
        "WRAP12",
        "WRAP14",
        "WRAP16",
        "MID12_50",
        "OUT07",
        "OUT12",
        "OUT12_5",
        "RING08_SOFT",
        "RING08_5",
        "RING10_5",
        "RING10_3",
        "SMOOTHSTEP",
        "REVERSE-SMOOTHSTEP",
        "SMOOTHSTEP*2",
        "R_SMOOTHSTEP*2",
        "SMOOTHSTEP*3",
        "R_SMOOTHSTEP*3",
        "SMOOTHSTEP*4",
        "R_SMOOTHSTEP*4",
        "SMOOTHSTEP/2",
        "R_SMOOTHSTEP/2",
        "SMOOTHSTEP/3",
        "R_SMOOTHSTEP/3",
        "SMOOTHSTEP/4",
        "R_SMOOTHSTEP/4",
        "COSINE",
        "REVERSE_COSINE",
        "TRUE_CUBIC_HERMITE",
        "TRUE_REVERSE_CUBIC_HERMITE",
        "FAKE_CUBIC_HERMITE",
        "FAKE_REVERSE_CUBIC_HERMITE",
        "ALL_A",
        "ALL_B"
      })
  void everyPresetIsOneWord(String preset) {
    for (String before : List.of("", "1-", "A-")) {
      var parsed = parse(before + preset);
      assertEquals(List.of(), parsed.diagnostics());
      var word = assertInstanceOf(Expression.Word.class, parsed.expression());
      assertEquals(before + preset, word.name().text());
    }
  }

  private static ParsedExpression parse(String text) {
    return Parser.parseExpression(SourceText.of("-e", text));
  }

  private static String tree(String text) {
    var parsed = parse(text);
    assertEquals(List.of(), parsed.diagnostics(), text);
    return TreePrinter.print(parsed.expression());
  }

  private static String code(String text) {
    var problems = parse(text).diagnostics();
    assertEquals(1, problems.size(), text + problems);
    return problems.getFirst().problem().code();
  }

  @Test
  void bareExpressions() {
    assertEquals("0.5", tree("0.5"));
    assertEquals("(sum -0.5)", tree("-0.5"));
    assertEquals("(values 0 0.5 1)", tree("0,0.5,1"));
    assertEquals("(map CLIP=1)", tree("{CLIP: 1}"));
    assertEquals("(sum +(product A 0.7) +(product B 0.3))", tree("A x 0.7 + B x 0.3\n"));
  }

  @Test
  void wrongExpressions() {
    assertEquals("BMR0033", code(""));
    assertEquals("BMR0033", code(" # nothing\n"));
    assertEquals("BMR0005", code("0,5"));
    assertEquals("BMR0025", code("A x 0.5\nB x 0.5"));
    assertEquals("BMR0010", code("A x"));
    assertEquals("BMR0003", code("my model x 0.5"));
  }

  @Test
  void numbersAreExact() {
    var number = (Expression.Number) parse("0.1").expression();
    assertEquals("0.1", number.value().toString());
    var percent = (Expression.Number) parse("12.5%").expression();
    assertEquals("0.125", percent.value().toString());
    assertEquals("12.5%", percent.written());
  }

  @Test
  void spansCountUtf16() {
    String text = "\uD83D\uDE00 = A\n猫\uD842\uDFB7 = B x 0.5 + C x 0.5";
    var source = SourceText.of("wide.bmr", text);
    Parsed parsed = Parser.parse(source);
    var definition = (bmr.syntax.tree.Statement.Definition) parsed.script().statements().getLast();
    assertEquals("猫\uD842\uDFB7", definition.name().span().text());
    assertEquals("B x 0.5 + C x 0.5", definition.value().span().text());
  }

  @Test
  void filesThatCannotBeRead(@TempDir Path folder) throws Exception {
    assertEquals("BMR0027", readCode(folder.resolve("none.bmr")));
    assertEquals("BMR0027", readCode(folder));
    Path large = folder.resolve("large.bmr");
    try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
      file.setLength((64L << 20) + 1);
    }
    assertEquals("BMR0028", readCode(large));
  }

  private static String readCode(Path file) {
    return assertThrows(ProblemException.class, () -> Parser.read(file, "shown.bmr"))
        .diagnostics()
        .getFirst()
        .problem()
        .code();
  }

  @Test
  void bytesThatAreNoText(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("latin1.bmr");
    Files.write(file, new byte[] {'#', ' ', (byte) 0xE9, '\n', 'R', ' ', '=', ' ', 'A', '\n'});
    Parsed parsed = Parser.parse(Parser.read(file, "latin1.bmr"));
    assertEquals("define R A\n", TreePrinter.print(parsed.script().statements()));
    var problem = parsed.diagnostics().getFirst();
    assertEquals("BMR0026", problem.problem().code());
    assertEquals(2, problem.place().orElseThrow().start());
  }
}
