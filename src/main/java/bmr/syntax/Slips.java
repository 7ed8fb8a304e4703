package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.SlipProblem;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.Keyword;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/**
 * Slips that other languages bring along: operators made of two signs, several statements in one
 * line, a name and a formula without {@code =}.
 */
final class Slips {
  private static final int LONGEST_POWER = 4;
  private static final int LONGEST_FORMULA = 60;

  /** Words that begin statements and are not likely to be part of a model's name. */
  private static final Set<String> CLEAR = Set.of("save", "compare", "include", "let");

  private final StatementTokens.Cut cut;
  private final List<Token> tokens;
  private final int stuck;

  private Slips(StatementTokens.Cut cut, int stuck) {
    this.cut = cut;
    this.tokens = cut.tokens();
    this.stuck = stuck;
  }

  /**
   * The slip at the place where the parser gave up, if it looks like one.
   *
   * @param named whether a definition is expected rather than a formula alone
   */
  static Optional<Diagnostic> find(StatementTokens.Cut cut, int stuck, boolean named) {
    var slips = new Slips(cut, stuck);
    return slips
        .operator()
        .or(slips::equalsInMap)
        .or(slips::secondStatement)
        .or(slips::percent)
        .or(() -> named ? slips.equalsMissing() : Optional.empty());
  }

  private int type(int index) {
    return index >= 0 && index < tokens.size() ? tokens.get(index).getType() : Token.EOF;
  }

  private String text(int index) {
    return tokens.get(index).getText();
  }

  private Span span(int from, int to) {
    return cut.span(tokens.get(from)).to(cut.span(tokens.get(to)));
  }

  private static Optional<Diagnostic> at(Span place, Problem problem) {
    return Optional.of(Diagnostic.at(place, problem));
  }

  /** {@code :=}, {@code +=}, {@code ==}, {@code **} and their like, at the place or just before. */
  private Optional<Diagnostic> operator() {
    for (int i = Math.max(0, stuck - 1); i <= stuck; i++) {
      if (TokenKinds.isVisible(tokens.get(i)) && isGlued(i)) {
        Optional<String> advice = advice(i);
        if (advice.isPresent()) {
          Span place = span(i, i + 1);
          return at(place, new SlipProblem.ForeignOperator(place.text(), advice.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** {@code {OUT: 0.5, IN = 0.3}}. */
  private Optional<Diagnostic> equalsInMap() {
    int depth = 0;
    for (int i = stuck - 1; i >= 0 && depth >= 0; i--) {
      depth += TokenKinds.isCloser(type(i)) ? 1 : TokenKinds.isOpener(type(i)) ? -1 : 0;
      if (depth < 0 && type(i) == BmrLexer.LBRACE && type(stuck) == BmrLexer.EQ) {
        String entry = text(stuck - 1) + ": " + text(stuck + 1);
        return at(
            cut.span(tokens.get(stuck)),
            new FormulaProblem.Unexpected(
                "=", "in braces a colon stands before a weight: `" + entry.strip() + "`"));
      }
    }
    return Optional.empty();
  }

  private boolean isGlued(int index) {
    return type(index + 1) != Token.EOF
        && tokens.get(index).getStopIndex() + 1 == tokens.get(index + 1).getStartIndex();
  }

  private Optional<String> advice(int index) {
    int second = type(index + 1);
    return switch (type(index)) {
      case BmrLexer.STAR -> second == BmrLexer.STAR ? Optional.of(power(index)) : changed(index);
      case BmrLexer.COLON, BmrLexer.EQ ->
          second == BmrLexer.EQ ? Optional.of("write `=`") : Optional.empty();
      case BmrLexer.PLUS, BmrLexer.MINUS, BmrLexer.SLASH, BmrLexer.TIMES -> changed(index);
      default -> Optional.empty();
    };
  }

  /** {@code M += B}: what stands behind a name never changes. */
  private Optional<String> changed(int index) {
    if (type(index + 1) != BmrLexer.EQ) {
      return Optional.empty();
    }
    boolean named = index > 0 && type(index - 1) == BmrLexer.WORD;
    String name = named ? text(index - 1) : "M";
    return Optional.of(
        "a name stands for one formula: write `%s2 = %s %s ...` and use `%s2` from there on"
            .formatted(name, name, text(index), name));
  }

  private String power(int index) {
    boolean number = index > 0 && type(index - 1) == BmrLexer.NUMBER;
    boolean whole = type(index + 2) == BmrLexer.NUMBER && text(index + 2).matches("[2-9]");
    int times = whole ? Integer.parseInt(text(index + 2)) : LONGEST_POWER + 1;
    return number && times <= LONGEST_POWER
        ? "write `" + text(index - 1) + (" x " + text(index - 1)).repeat(times - 1) + "`"
        : "there are no powers: write the number itself";
  }

  /** {@code ... save M}, {@code ... N = A}, and what stands behind a semicolon. */
  private Optional<Diagnostic> secondStatement() {
    boolean semicolon = type(stuck) == BmrLexer.UNRECOGNIZED && text(stuck).equals(";");
    int first = semicolon ? stuck + 1 : stuck;
    if (stuck == 0 || !TokenKinds.isVisible(tokens.get(first))) {
      return Optional.empty();
    }
    boolean bound =
        tokens.subList(0, first).stream().anyMatch(t -> TokenKinds.isBinder(t.getType()));
    boolean inName = !semicolon && type(stuck - 1) == BmrLexer.WORD;
    boolean word =
        Keyword.at(Keyword.Position.STATEMENT, text(first)).isPresent()
            && TokenKinds.isVisible(tokens.get(first + 1))
            && (!inName || bound && CLEAR.contains(text(first)));
    boolean definition = bound && type(first + 1) == BmrLexer.EQ;
    if (!semicolon && !(type(stuck) == BmrLexer.STRAY && (word || definition))) {
      return Optional.empty();
    }
    int last = word || definition ? first + 1 : first;
    return at(span(first, last), new SlipProblem.SecondStatement(span(first, last).text()));
  }

  private Optional<Diagnostic> percent() {
    if (type(stuck) != BmrLexer.PERCENT || stuck == 0) {
      return Optional.empty();
    }
    int from = stuck - 1;
    int depth = 0;
    for (int i = stuck - 1; i >= 0; i--) {
      depth += TokenKinds.isCloser(type(i)) ? 1 : TokenKinds.isOpener(type(i)) ? -1 : 0;
      from = i;
      if (depth <= 0) {
        break;
      }
    }
    String operand = Words.shortened(span(from, stuck - 1).text());
    return at(cut.span(tokens.get(stuck)), new SlipProblem.PercentOfNoNumber(operand));
  }

  /** {@code M A x 0.5 + B x 0.5}. */
  private Optional<Diagnostic> equalsMissing() {
    int start = 0;
    while (type(start) == BmrLexer.BULLET) {
      start++;
    }
    boolean bound = tokens.stream().anyMatch(t -> TokenKinds.isBinder(t.getType()));
    boolean form =
        type(start) == BmrLexer.WORD
            && stuck == start + 1
            && type(stuck) == BmrLexer.STRAY
            && TokenKinds.isArithmetic(type(stuck + 1));
    if (bound || !form) {
      return Optional.empty();
    }
    String formula = span(stuck, tokens.size() - 3).text().replaceAll("\\s+", " ");
    if (formula.length() > LONGEST_FORMULA) {
      formula = text(stuck) + " ...";
    }
    return at(span(start, stuck), new SlipProblem.EqualsMissing(text(start), formula));
  }
}
