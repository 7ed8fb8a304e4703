package bmr.syntax;

import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Cuts a script into the visible tokens of one statement after the other. */
final class StatementTokens {
  /**
   * One statement.
   *
   * @param tokens without white space; NEWLINE and EOF at the end
   * @param column indentation of the first token
   */
  record Cut(SourceText source, List<Token> tokens, int column) {
    Span span(Token token) {
      int start = source.offsetOfCodePoint(token.getStartIndex());
      int end = source.offsetOfCodePoint(token.getStopIndex() + 1);
      return new Span(source, start, Math.max(start, end));
    }

    /** From the first token to the last one that is seen. */
    Span span() {
      return span(tokens.getFirst()).to(span(tokens.get(Math.max(0, tokens.size() - 3))));
    }
  }

  private final SourceText source;
  private final BmrLexer lexer;

  StatementTokens(SourceText source) {
    this.source = source;
    lexer = new BmrLexer(CharStreams.fromString(wellFormed(source.text())));
    lexer.removeErrorListeners();
  }

  /** ANTLR refuses halves of surrogate pairs; offsets stay the same. */
  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        repaired = repaired == null ? new StringBuilder(text) : repaired;
        repaired.setCharAt(i, '\uFFFD');
      }
    }
    return repaired == null ? text : repaired.toString();
  }

  /** The next statement, or null at the end of the text. */
  @Nullable Cut next() {
    List<Token> tokens = new ArrayList<>();
    int column = 0;
    while (true) {
      Token token = lexer.nextToken();
      if (token.getType() == Token.EOF) {
        return null;
      }
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        continue;
      }
      if (tokens.isEmpty()) {
        column = lexer.statementColumn();
      }
      tokens.add(token);
      if (token.getType() == BmrLexer.NEWLINE) {
        var end = new CommonToken(Token.EOF, "");
        end.setStartIndex(token.getStartIndex());
        end.setStopIndex(token.getStartIndex() - 1);
        tokens.add(end);
        return new Cut(source, tokens, column);
      }
    }
  }
}
