package bmr.syntax;

import bmr.source.SourceText;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
   * @param comment {@code SD//base}: a word with a comment glued to it
   */
  record Cut(SourceText source, List<Token> tokens, int column, Optional<Span> comment) {
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
    Optional<Span> comment = Optional.empty();
    while (true) {
      Token token = lexer.nextToken();
      if (token.getType() == Token.EOF) {
        return null;
      }
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        if (comment.isEmpty() && token.getType() == BmrLexer.COMMENT && !tokens.isEmpty()) {
          comment = glued(tokens, token);
        }
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
        return new Cut(source, tokens, column, comment);
      }
    }
  }

  /** The word that goes on in a comment without a blank on either side of the sign. */
  private Optional<Span> glued(List<Token> tokens, Token comment) {
    Token before = tokens.getLast();
    String text = comment.getText();
    int sign = text.startsWith("//") ? 2 : 1;
    boolean address =
        before.getType() == BmrLexer.COLON
            && tokens.size() > 1
            && tokens.get(tokens.size() - 2).getText().matches("https?");
    boolean word = before.getType() == BmrLexer.WORD || before.getType() == BmrLexer.STRAY;
    if (before.getStopIndex() + 1 != comment.getStartIndex()
        || !(word || address)
        || text.length() == sign
        || Character.isWhitespace(text.charAt(sign))) {
      return Optional.empty();
    }
    int start = address ? tokens.get(tokens.size() - 2).getStartIndex() : before.getStartIndex();
    String rest = text.split("[\\s,)}]", 2)[0];
    return Optional.of(
        new Span(
            source,
            source.offsetOfCodePoint(start),
            source.offsetOfCodePoint(comment.getStartIndex()) + rest.length()));
  }
}
