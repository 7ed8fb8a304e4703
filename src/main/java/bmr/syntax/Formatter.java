package bmr.syntax;

import bmr.source.SourceText;
import bmr.syntax.LineParser.Outcome;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Statement;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.jspecify.annotations.Nullable;

/**
 * Writes scripts in their canonical form: one spelling of every operator, lists with a weight for
 * each block as tables, comments and blank lines kept. The formatted script means the same, and
 * formatting it again changes nothing.
 */
public final class Formatter {
  /** What may be done to a script beside its layout. */
  public enum Option {
    /** Lists with a weight for each block become maps of the blocks whose weight is not 0. */
    SPARSE
  }

  private static final int MOST_ROUNDS = 5;

  private final SourceText source;
  private final OutputLines lines = new OutputLines();
  private final StatementColumns columns;
  private final boolean sparse;

  /** What has been read and not yet written. */
  private final List<Atom> statement = new ArrayList<>();

  private Formatter(SourceText source, Parsed parsed, boolean sparse) {
    this.source = source;
    this.sparse = sparse;
    columns = new StatementColumns(parsed.script());
  }

  /**
   * Formats a script, unless it has errors: then nothing is changed.
   *
   * @throws IllegalStateException if the result would not be read as the same script, which is a
   *     fault of this class
   */
  public static Formatted format(SourceText source, Option... options) {
    Parsed parsed = Parser.parse(source);
    var unchanged = new Formatted(source.text(), parsed.diagnostics());
    if (unchanged.failed()) {
      return unchanged;
    }
    boolean sparse = List.of(options).contains(Option.SPARSE);
    String text = new Formatter(source, parsed, sparse).text();
    var shape = new TreeShape(sparse);
    List<Statement> meant = shape.of(parsed.script().statements());
    // what is put on lines of its own counts as the author's choice the next time
    for (int round = 0; ; round++) {
      var written = SourceText.of(source.name(), text);
      Parsed again = Parser.parse(written);
      if (!meant.equals(shape.of(again.script().statements())) || round == MOST_ROUNDS) {
        throw new IllegalStateException(
            "formatting would change what " + source.name() + " means:\n" + text);
      }
      String next = new Formatter(written, again, sparse).text();
      if (next.equals(text)) {
        break;
      }
      text = next;
    }
    boolean windows = source.text().contains("\r\n");
    return new Formatted(windows ? text.replace("\n", "\r\n") : text, parsed.diagnostics());
  }

  private String text() {
    var statements = new StatementTokens(source);
    int end = 0;
    int before = 0;
    int written = Integer.MAX_VALUE;
    for (var cut = statements.next(); cut != null; cut = statements.next()) {
      Token first = firstBehindBullets(cut);
      if (first.getType() == BmrLexer.NEWLINE) {
        continue; // bullets alone: they vanish with their line
      }
      int start = cut.span(first).start();
      int column = columns.next(start, cut.column());
      if (first.getType() == BmrLexer.ALLOW && column > before) {
        allow(atoms(cut), Gap.read(source.text(), end, start, true));
        end = cut.span().end();
        continue;
      }
      writeStatement(before);
      gap(end, start, new Place(cut.column(), column), new Place(written, before));
      statement.addAll(atoms(cut));
      end = cut.span().end();
      before = column;
      written = cut.column();
    }
    writeStatement(before);
    gap(end, source.text().length(), null, new Place(written, before));
    return lines.text();
  }

  /** Deeper than what it allows, `allow sum` would be read as the end of the line above. */
  private void allow(List<Atom> allowance, Gap gap) {
    Atom word = allowance.getFirst();
    statement.add(new Atom(word.text(), true, gap.comments(), word.kind(), word.depth(), true));
    statement.addAll(allowance.subList(1, allowance.size()));
  }

  private void writeStatement(int column) {
    if (!statement.isEmpty()) {
      StatementLayout.write(statement, column, lines);
      statement.clear();
    }
  }

  private static Token firstBehindBullets(StatementTokens.Cut cut) {
    return cut.tokens().stream()
        .filter(token -> token.getType() != BmrLexer.BULLET)
        .findFirst()
        .orElseThrow();
  }

  private List<Atom> atoms(StatementTokens.Cut cut) {
    return switch (LineParser.parse(cut.tokens(), PredictionMode.SLL, BmrParser::line)) {
      case Outcome.Tree<BmrParser.LineContext>(var line) -> {
        List<Atom> atoms = AtomReader.read(cut, line);
        yield sparse ? SparseList.inside(atoms) : atoms;
      }
      case Outcome.Stuck<BmrParser.LineContext> _ ->
          throw new IllegalStateException("was parsed before without an error");
    };
  }

  private record Place(int written, int column) {}

  /** Comments and empty lines between two statements. */
  private void gap(int from, int to, @Nullable Place next, Place before) {
    Gap gap = Gap.read(source.text(), from, to, from > 0);
    for (Atom.Comment comment : gap.comments()) {
      if (comment.sameLine()) {
        lines.comment(comment.text(), before.column());
        continue;
      }
      lines.blank(comment.blankLines());
      lines.remark(column(comment.column(), next, before), comment.text());
    }
    if (next != null) {
      lines.blank(gap.blankLines());
    }
  }

  /** A comment stands with the statement below, unless it was written deeper than that. */
  private static int column(int written, @Nullable Place next, Place before) {
    int least = next == null ? 0 : next.column();
    if (next != null && written <= next.written()) {
      return least;
    }
    boolean deeper = written > before.written();
    return Math.max(least, before.column() + (deeper ? StatementColumns.STEP : 0));
  }
}
