package bmr.syntax;

import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;

/** Finds {@code 0,08}, where a number was meant with a comma for its point. */
final class DecimalCommas {
  private static final Pattern WRITTEN =
      Pattern.compile("(?<![\\p{L}\\p{N}_.,-])[0-9]+,[0-9]+(?![\\p{L}\\p{N}_.,-])");

  private static final Pattern FACTOR =
      Pattern.compile("(?<=[\\p{L}\\p{N}\")}\\]_]\\s[xX*×·]\\s)[0-9]+,[0-9]+(?=\\s+[-+−]\\s)");

  private DecimalCommas() {}

  /** The first one in a text without quotes. */
  static Optional<Span> find(Span text) {
    return find(WRITTEN, text);
  }

  private static Optional<Span> find(Pattern pattern, Span text) {
    Matcher matcher = pattern.matcher(text.text());
    return matcher.find()
        ? Optional.of(
            new Span(text.source(), text.start() + matcher.start(), text.start() + matcher.end()))
        : Optional.empty();
  }

  /** The first one that an operand is multiplied by and a further summand follows. */
  static Optional<Span> findFactor(Span text) {
    return find(FACTOR, text);
  }

  /** The first whole number, comma and whole number without blanks between them, in a range. */
  static Optional<Span> find(StatementTokens.Cut cut, int from, int to) {
    List<Token> tokens = cut.tokens();
    for (int i = Math.max(from, 0); i + 2 < Math.min(to, tokens.size() - 1); i++) {
      if (isAt(tokens, i)) {
        return Optional.of(cut.span(tokens.get(i)).to(cut.span(tokens.get(i + 2))));
      }
    }
    return Optional.empty();
  }

  private static boolean isAt(List<Token> tokens, int index) {
    Token whole = tokens.get(index);
    Token comma = tokens.get(index + 1);
    Token rest = tokens.get(index + 2);
    return isDigits(whole)
        && comma.getType() == BmrLexer.COMMA
        && isDigits(rest)
        && whole.getStopIndex() + 1 == comma.getStartIndex()
        && comma.getStopIndex() + 1 == rest.getStartIndex()
        && (index == 0 || tokens.get(index - 1).getType() != BmrLexer.COMMA)
        && tokens.get(index + 3).getType() != BmrLexer.COMMA;
  }

  private static boolean isDigits(Token token) {
    return token.getType() == BmrLexer.NUMBER
        && token.getText().chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
