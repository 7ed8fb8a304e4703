package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.Golden;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.diagnostic.Severity;
import bmr.source.SourceText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people read when they write something else than the language. */
class TrapsTest {
  private static final Map<String, String> TRAPS = Sections.of("traps.txt");

  @Test
  void messagesAndWhatIsLeftOfTheTree() {
    var out = new StringBuilder();
    TRAPS.forEach((title, text) -> {
      Parsed parsed = Parser.parse(SourceText.of("trap.bmr", text));
      out.append("=== ").append(title).append('\n');
      out.append(DiagnosticRenderer.plain().render(parsed.diagnostics()));
      out.append("--- tree\n").append(TreePrinter.print(parsed.script().statements()));
      out.append('\n');
    });
    Golden.check("syntax/traps.golden", out.toString());
  }

  @Test
  void oneMistakeGivesOneMessage() {
    TRAPS.forEach((title, text) -> {
      List<Diagnostic> errors =
          Parser.parse(SourceText.of("trap.bmr", text)).diagnostics().stream()
              .filter(d -> d.problem().severity() == Severity.ERROR)
              .toList();
      int expected =
          switch (title) {
            case "a name that looks like a product",
                "unindented weight",
                "dash as a bullet",
                "a number beside a bracket" ->
                0;
            case "decimal comma in brackets" -> 2;
            default -> 1;
          };
      assertEquals(expected, errors.size(), () -> title + ": " + errors);
    });
  }
}
