package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.SlipProblem;
import bmr.diagnostic.StatementProblem;
import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.LineParser.Outcome;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Script;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;

/** From text to syntax tree. */
public final class Parser {
  private static final long LARGEST_SCRIPT = 64L << 20;

  /** A statement of a megabyte can hold as many mistakes as it likes; people read the first. */
  private static final int MOST_PER_STATEMENT = 20;

  private static final int MOST_STRANGE_LINES = 20;

  private static final Pattern CONFIGURATION =
      Pattern.compile("^(models|slices|base_model):[ \\t]*", Pattern.MULTILINE);
  private static final Pattern MERGE_METHOD =
      Pattern.compile("^merge_method:[ \\t]*\\w", Pattern.MULTILINE);

  private Parser() {}

  /**
   * Reads a script from a file.
   *
   * @param displayName the name that messages show
   * @throws ProblemException if it cannot be read or is larger than 64 MiB
   */
  public static SourceText read(Path file, String displayName) {
    try (var in = Files.newInputStream(file)) {
      if (Files.isDirectory(file)) {
        throw unreadable(displayName, "it is a folder");
      }
      byte[] bytes = in.readNBytes((int) LARGEST_SCRIPT + 1);
      if (bytes.length > LARGEST_SCRIPT) {
        throw new ProblemException(
            new StatementProblem.ScriptTooLarge(displayName, LARGEST_SCRIPT));
      }
      SourceText script = SourceText.decode(displayName, bytes);
      if (script.text().indexOf('\0') >= 0) {
        throw unreadable(displayName, "it is no text");
      }
      return script;
    } catch (NoSuchFileException e) {
      throw unreadable(displayName, "there is no such file");
    } catch (AccessDeniedException e) {
      throw unreadable(displayName, "access is denied");
    } catch (IOException e) {
      throw unreadable(displayName, Files.isDirectory(file) ? "it is a folder" : "reading failed");
    }
  }

  private static ProblemException unreadable(String name, String reason) {
    return new ProblemException(new StatementProblem.ScriptUnreadable(name, reason));
  }

  /** Parses a script; never throws on any text. */
  public static Parsed parse(SourceText source) {
    return parse(source, PredictionMode.SLL);
  }

  static Parsed parse(SourceText source, PredictionMode mode) {
    List<Diagnostic> problems = new ArrayList<>();
    reportDamage(source, problems);
    Matcher configuration = CONFIGURATION.matcher(source.text());
    if (configuration.find() && MERGE_METHOD.matcher(source.text()).find()) {
      var place = new Span(source, configuration.start(), configuration.end());
      problems.add(Diagnostic.at(place, new StatementProblem.PastedConfiguration()));
      return new Parsed(new Script(source, List.of()), problems);
    }
    var statements = new StatementTokens(source);
    var assembler = new Assembler(problems);
    for (var cut = statements.next(); cut != null; cut = statements.next()) {
      parse(cut, mode, assembler, problems);
    }
    return new Parsed(new Script(source, assembler.statements()), fewer(problems));
  }

  /** Of a post that was pasted whole, only the first lines that are no recipe. */
  private static List<Diagnostic> fewer(List<Diagnostic> problems) {
    List<Diagnostic> told = new ArrayList<>();
    List<Diagnostic> rest = new ArrayList<>();
    int strange = 0;
    for (Diagnostic problem : problems) {
      boolean more = isNoRecipe(problem) && ++strange > MOST_STRANGE_LINES;
      (more ? rest : told).add(problem);
    }
    if (!rest.isEmpty()) {
      told.add(
          new Diagnostic(
              new StatementProblem.MoreLines(rest.size()), rest.getFirst().place(), List.of()));
    }
    return told;
  }

  private static boolean isNoRecipe(Diagnostic diagnostic) {
    return switch (diagnostic.problem()) {
      case StatementProblem.Prose _,
          StatementProblem.ProgramLine _,
          StatementProblem.NamelessFormula _,
          FormulaProblem.BlanksInName _,
          FormulaProblem.MissingOperator _,
          FormulaProblem.UnexpectedCharacter _,
          FormulaProblem.Unexpected _ ->
          true;
      default -> false;
    };
  }

  private static void parse(
      StatementTokens.Cut cut,
      PredictionMode mode,
      Assembler assembler,
      List<Diagnostic> problems) {
    Token first = firstBehindBullets(cut);
    if (first.getType() == BmrLexer.LATER) {
      problems.add(
          Diagnostic.at(cut.span(first), new StatementProblem.NotSupportedYet(first.getText())));
      return;
    }
    if (cut.comment().isPresent()) {
      problems.add(commentInWord(cut.comment().get()));
      Recovery.definition(cut).ifPresent(assembler::add);
      return;
    }
    switch (LineParser.parse(cut.tokens(), mode, BmrParser::line)) {
      case Outcome.Tree<BmrParser.LineContext>(var line) -> {
        if (line.statement() != null) {
          List<Diagnostic> own = new ArrayList<>();
          var piece = new StatementBuilder(cut, own).build(line.statement());
          problems.addAll(own.subList(0, Math.min(own.size(), MOST_PER_STATEMENT)));
          piece.ifPresent(assembler::add);
        }
      }
      case Outcome.Stuck<BmrParser.LineContext>(int index) -> {
        problems.add(Mistakes.describe(cut, index));
        Recovery.definitions(cut).forEach(assembler::add);
      }
    }
  }

  private static Diagnostic commentInWord(Span word) {
    String text = word.text();
    int hash = text.indexOf('#');
    int slashes = text.indexOf("//");
    boolean first = slashes < 0 || hash >= 0 && hash < slashes;
    return Diagnostic.at(
        word, new SlipProblem.CommentInWord(first ? "#" : "//", Words.shortened(text)));
  }

  private static Token firstBehindBullets(StatementTokens.Cut cut) {
    return cut.tokens().stream()
        .filter(token -> token.getType() != BmrLexer.BULLET)
        .findFirst()
        .orElseThrow();
  }

  /**
   * A bare weight or formula, as {@code --set} and {@code -e} give it; a list may stand without
   * brackets.
   */
  public static ParsedExpression parseExpression(SourceText source) {
    List<Diagnostic> problems = new ArrayList<>();
    var statements = new StatementTokens(source);
    var cut = statements.next();
    var all = new Span(source, 0, source.text().length());
    if (cut == null) {
      problems.add(Diagnostic.at(all, new FormulaProblem.Empty()));
      return new ParsedExpression(new Expression.Broken(all), problems);
    }
    Expression expression =
        switch (LineParser.parse(cut.tokens(), PredictionMode.SLL, BmrParser::formula)) {
          case Outcome.Tree<BmrParser.FormulaContext>(var formula) ->
              new ExpressionBuilder(cut, problems).weights(formula.weights());
          case Outcome.Stuck<BmrParser.FormulaContext>(int index) -> {
            problems.add(Mistakes.describeFormula(cut, index));
            yield new Expression.Broken(cut.span());
          }
        };
    var second = statements.next();
    if (second != null) {
      problems.add(
          Diagnostic.at(
              second.span(),
              new FormulaProblem.Unexpected(
                  Words.shortened(second.span().text()), "one formula alone is expected")));
    }
    return new ParsedExpression(expression, problems);
  }

  private static void reportDamage(SourceText source, List<Diagnostic> problems) {
    if (source.damaged() >= 0) {
      var place = new Span(source, source.damaged(), source.damaged() + 1);
      problems.add(Diagnostic.at(place, new StatementProblem.NotUtf8()));
    }
  }
}
