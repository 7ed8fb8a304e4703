package bmr.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.source.Display;
import bmr.source.SourceText;
import bmr.source.Span;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {
  private static final DiagnosticRenderer PLAIN = DiagnosticRenderer.plain();

  private static Span span(SourceText source, String part) {
    int start = source.text().indexOf(part);
    return new Span(source, start, start + part.length());
  }

  @Test
  void theWholeForm() {
    var source =
        SourceText.of("mix.bmr", "\n".repeat(40) + "R = FINAL x (1-alpha + B x alpha\nS = R\n");
    var diagnostic =
        Diagnostic.at(span(source, "("), new FormulaProblem.UnclosedBracket("("))
            .with(span(source, "S"), "it stops before this");
    assertEquals(
        """
        error[BMR0001]: `(` is never closed
          --> mix.bmr:41:13
           |
        41 | R = FINAL x (1-alpha + B x alpha
           |             ^
          ::: mix.bmr:42:1
           |
        42 | S = R
           | - it stops before this
        hint: `)` is missing before the end of the statement
        """,
        PLAIN.render(diagnostic));
  }

  @Test
  void withoutPlaceThereIsNoExcerpt() {
    assertEquals(
        "error[BMR0027]: the script `a.bmr` cannot be read: reading failed\n",
        PLAIN.render(
            Diagnostic.of(new StatementProblem.ScriptUnreadable("a.bmr", "reading failed"))));
  }

  @Test
  void severalAreSeparatedByAnEmptyLine() {
    var problem = Diagnostic.of(new StatementProblem.ScriptUnreadable("a.bmr", "it is a folder"));
    String one = PLAIN.render(problem);
    assertEquals(one + "\n" + one, PLAIN.render(List.of(problem, problem)));
    assertEquals("", PLAIN.render(List.of()));
  }

  @Test
  void warningsAndNotes() {
    var source = SourceText.of("a.bmr", "\u00e9");
    var all = new Span(source, 0, 1);
    assertTrue(
        PLAIN.render(Diagnostic.at(all, new StatementProblem.NotUtf8())).startsWith("warning["));
    assertTrue(
        PLAIN.render(Diagnostic.at(all, new StatementProblem.DashBullet())).startsWith("note["));
  }

  @Test
  void aSpanOverLinesIsMarkedInItsFirst() {
    var source = SourceText.of("a.bmr", "A x 0.5\n  + B x 0.5\n");
    var all = new Span(source, 0, source.text().length());
    String text = PLAIN.render(Diagnostic.at(all, new StatementProblem.NamelessFormula()));
    assertTrue(text.contains("1 | A x 0.5\n  | ^^^^^^^\n"), text);
  }

  @Test
  void aPlaceAtTheEndOfTheTextHasOneCaret() {
    var source = SourceText.of("a.bmr", "R =");
    var text = PLAIN.render(Diagnostic.at(new Span(source, 3, 3), new FormulaProblem.Empty()));
    assertTrue(text.contains("1 | R =\n  |    ^\n"), text);
    var empty = SourceText.of("a.bmr", "");
    assertTrue(
        PLAIN
            .render(Diagnostic.at(new Span(empty, 0, 0), new FormulaProblem.Empty()))
            .contains("1 |\n  | ^\n"));
  }

  @Test
  void longLinesFitTheWidthAndKeepTheMarkedPart() {
    for (int before : new int[] {0, 5, 60, 500}) {
      for (int after : new int[] {0, 5, 60, 500}) {
        for (String filler : List.of("a", "猫")) {
          var source =
              SourceText.of("a.bmr", filler.repeat(before) + "MARKED" + filler.repeat(after));
          String text =
              new DiagnosticRenderer(60, false)
                  .render(Diagnostic.at(span(source, "MARKED"), new FormulaProblem.Empty()));
          List<String> lines = text.lines().toList();
          assertTrue(Display.width(lines.get(3)) <= 60, text);
          int column = Display.width(lines.get(3).substring(0, lines.get(3).indexOf("MARKED")));
          assertEquals(" ".repeat(2) + "|" + " ".repeat(column - 3) + "^^^^^^", lines.get(4));
        }
      }
    }
  }

  @Test
  void colouredTextIsThePlainOneWithoutEscapes() {
    var source = SourceText.of("a.bmr", "R = A x (0.5");
    var diagnostic = Diagnostic.at(span(source, "("), new FormulaProblem.UnclosedBracket("("));
    String coloured = new DiagnosticRenderer(80, true).render(diagnostic);
    assertTrue(coloured.startsWith("\033[1;31merror[BMR0001]\033[0m"), coloured);
    assertEquals(PLAIN.render(diagnostic), coloured.replaceAll("\033\\[[0-9;]*m", ""));
  }

  @Test
  void json() {
    var source = SourceText.of("a.bmr", "\nR = A x (0.5");
    var problems =
        List.of(
            Diagnostic.at(span(source, "(0"), new FormulaProblem.UnclosedBracket("(")),
            Diagnostic.of(new StatementProblem.ScriptUnreadable("b.bmr", "it is a folder")));
    assertEquals(
        JsonParser.parseString(
            """
            [{"code": "BMR0001", "severity": "error", "message": "`(` is never closed",
              "hint": "`)` is missing before the end of the statement",
              "file": "a.bmr", "line": 2, "column": 9, "endLine": 2, "endColumn": 11},
             {"code": "BMR0027", "severity": "error",
              "message": "the script `b.bmr` cannot be read: it is a folder"}]
            """),
        JsonParser.parseString(DiagnosticJson.write(problems)));
  }
}
