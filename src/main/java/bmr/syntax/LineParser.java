package bmr.syntax;

import bmr.syntax.antlr.BmrParser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Runs the generated parser over the tokens of one statement, without repair. */
final class LineParser {
  private LineParser() {}

  /** What came out: a tree, or the token at which the parser gave up. */
  sealed interface Outcome<T> {
    record Tree<T>(T context) implements Outcome<T> {}

    record Stuck<T>(int tokenIndex) implements Outcome<T> {}
  }

  /**
   * A rule of the grammar over tokens; SLL gives the same trees as LL here, and a test holds it.
   */
  static <T extends ParserRuleContext> Outcome<T> parse(
      List<Token> tokens, PredictionMode mode, Function<BmrParser, T> rule) {
    var parser = new BmrParser(new CommonTokenStream(new ListTokenSource(new ArrayList<>(tokens))));
    parser.removeErrorListeners();
    parser.setErrorHandler(new BailErrorStrategy());
    parser.setTrimParseTree(true);
    parser.getInterpreter().setPredictionMode(mode);
    try {
      return new Outcome.Tree<>(rule.apply(parser));
    } catch (ParseCancellationException e) {
      Token offending =
          e.getCause() instanceof RecognitionException cause ? cause.getOffendingToken() : null;
      int index = offending == null ? -1 : offending.getTokenIndex();
      return new Outcome.Stuck<>(index >= 0 ? index : tokens.size() - 1);
    }
  }
}
