package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.Golden;
import bmr.diagnostic.Severity;
import bmr.source.SourceText;
import bmr.syntax.antlr.Keyword;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every form of the language, as a tree. */
class FormsTest {
  private static final Map<String, String> FORMS = Sections.of("forms.txt");

  @Test
  void trees() {
    var out = new StringBuilder();
    FORMS.forEach((title, text) ->
        out.append("=== ")
            .append(title)
            .append('\n')
            .append(TreePrinter.print(parse(text).script().statements()))
            .append('\n'));
    Golden.check("syntax/forms.golden", out.toString());
  }

  @Test
  void noErrors() {
    FORMS.forEach((title, text) ->
        assertEquals(
            List.of(),
            parse(text).diagnostics().stream()
                .filter(d -> d.problem().severity() != Severity.NOTE)
                .toList(),
            title));
  }

  @Test
  void lineEndsMakeNoDifference() {
    FORMS.forEach((title, text) -> {
      String tree = TreePrinter.print(parse(text).script().statements());
      for (String end : List.of("\r\n", "\r")) {
        String other = TreePrinter.print(parse(text.replace("\n", end)).script().statements());
        assertEquals(tree, other, title);
      }
      assertEquals(tree, TreePrinter.print(parse("\uFEFF" + text).script().statements()), title);
    });
  }

  @Test
  void noWordIsReserved() {
    for (Keyword keyword : Keyword.values()) {
      String word = keyword.spelling();
      String text = "R = %s x 0.5 + (%s - %s)\n%s = A\n".formatted(word, word, word, word);
      Parsed parsed = parse(text);
      assertEquals(List.of(), parsed.diagnostics(), text);
      assertEquals(
          "define R (sum +(product %s 0.5) +((sum +%s -%s)))\ndefine %s A\n"
              .formatted(word, word, word, word),
          TreePrinter.print(parsed.script().statements()));
    }
  }

  private static Parsed parse(String text) {
    return Parser.parse(SourceText.of("form.bmr", text));
  }
}
