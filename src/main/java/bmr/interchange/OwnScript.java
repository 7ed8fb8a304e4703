package bmr.interchange;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ImportProblem;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import bmr.syntax.tree.Statement;
import java.util.List;

/** Recognises a script that somebody imports although there is nothing to do. */
final class OwnScript {
  private static final int LONGEST = 1 << 20;

  private OwnScript() {}

  /** Whether the file is called so, or the text has statements that only scripts have. */
  static boolean recognises(SourceText text) {
    if (text.name().endsWith(".bmr")) {
      return true;
    }
    if (text.text().length() > LONGEST || !hasStatement(text.text())) {
      return false;
    }
    var parsed = Parser.parse(text);
    List<Statement> statements = parsed.script().statements();
    return parsed.diagnostics().isEmpty()
        && statements.stream().anyMatch(Statement.Definition.class::isInstance)
        && statements.stream()
            .anyMatch(statement ->
                statement instanceof Statement.ModelFile || statement instanceof Statement.Save);
  }

  private static boolean hasStatement(String text) {
    return text.startsWith("model ") || text.contains("\nmodel ") || text.contains("\nsave ");
  }

  /** The script as it is, with a note. */
  static Imported handedOn(SourceText text) {
    String script = text.text();
    return new Imported(
        script.endsWith("\n") ? script : script + "\n",
        List.of(Diagnostic.of(new ImportProblem.AlreadyScript())),
        0);
  }
}
