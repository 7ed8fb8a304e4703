package bmr.syntax;

import static org.junit.jupiter.api.Assertions.assertTrue;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.DiagnosticJson;
import bmr.diagnostic.DiagnosticRenderer;
import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.tree.Statement;

/** What holds for the result of parsing any text. */
final class Invariants {
  private Invariants() {}

  static Parsed check(SourceText source) {
    Parsed parsed = Parser.parse(source);
    for (Statement statement : parsed.script().statements()) {
      inside(source, statement.span());
    }
    TreePrinter.print(parsed.script().statements());
    for (Diagnostic diagnostic : parsed.diagnostics()) {
      inside(source, diagnostic.place().orElseThrow());
    }
    new DiagnosticRenderer(60, true).render(parsed.diagnostics());
    DiagnosticJson.write(parsed.diagnostics());
    Parser.parseExpression(source);
    return parsed;
  }

  private static void inside(SourceText source, Span span) {
    assertTrue(span.source() == source && span.end() <= source.text().length(), span::toString);
  }
}
