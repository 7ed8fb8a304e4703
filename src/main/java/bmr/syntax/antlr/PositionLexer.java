package bmr.syntax.antlr;

import java.util.Optional;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Lexer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Pair;
import org.jspecify.annotations.Nullable;

/**
 * The hand-written half of the lexer. It keeps one bit, whether an operand or an operator comes
 * next: in operand position a word is a name, in operator position an operator, a keyword or {@code
 * STRAY}. It also decides which ends of lines end a statement; those alone stay visible, but for
 * those between two entries of a map, which are commas.
 */
public abstract class PositionLexer extends Lexer {
  /** How deep brackets may be nested: the parser and everything behind it recurse over them. */
  public static final int DEEPEST = 200;

  private final int[] openers = new int[DEEPEST];
  private int depth;
  private boolean operandNext = true;
  private int last = Token.EOF;
  private int statementColumn;
  private boolean named;
  private boolean saving;
  private boolean expecting;
  private int decidedUntil;
  private boolean entryNext;
  private @Nullable Token endOfText;

  protected PositionLexer(CharStream input) {
    super(input);
  }

  /** Column of the first token of the current statement, bullet included; tabs count up to 4. */
  public int statementColumn() {
    return statementColumn;
  }

  @Override
  public Token nextToken() {
    if (endOfText != null) {
      return endOfText;
    }
    var token = (CommonToken) super.nextToken();
    if (token.getType() == Token.EOF) {
      endOfText = token;
      return last == Token.EOF ? token : endStatement(emptyNewline(token));
    }
    if (token.getChannel() != Token.DEFAULT_CHANNEL) {
      return token;
    }
    if (token.getType() == BmrLexer.NEWLINE) {
      if (token.getStartIndex() >= decidedUntil) {
        if (endsStatement()) {
          return endStatement(token);
        }
        if (separatesEntries()) {
          token.setType(BmrLexer.COMMA);
          token.setText(",");
          advance(BmrLexer.COMMA);
          return token;
        }
      }
      token.setChannel(Token.HIDDEN_CHANNEL);
      return token;
    }
    if (last == Token.EOF) {
      statementColumn = new LineScan(_input).columnOf(token.getStartIndex());
    }
    retype(token);
    advance(token.getType());
    return token;
  }

  private Token endStatement(CommonToken newline) {
    newline.setChannel(Token.DEFAULT_CHANNEL);
    depth = 0;
    operandNext = true;
    last = Token.EOF;
    named = false;
    saving = false;
    expecting = false;
    return newline;
  }

  private CommonToken emptyNewline(Token end) {
    var newline =
        new CommonToken(
            new Pair<>(this, _input),
            BmrLexer.NEWLINE,
            Token.DEFAULT_CHANNEL,
            end.getStartIndex(),
            end.getStartIndex() - 1);
    newline.setLine(end.getLine());
    newline.setCharPositionInLine(end.getCharPositionInLine());
    return newline;
  }

  // ---- words ----

  private void retype(CommonToken token) {
    switch (token.getType()) {
      case BmrLexer.WORD, BmrLexer.STEP_PRESET -> retypeWord(token);
      case BmrLexer.UNRECOGNIZED -> {
        if (expecting && depth == 0 && "<>\u2264\u2265".contains(token.getText())) {
          token.setType(BmrLexer.COMPARISON);
        }
      }
      case BmrLexer.MINUS, BmrLexer.STAR -> {
        if (atStart() && LineScan.isBlank(_input.LA(1))) {
          token.setType(BmrLexer.BULLET);
        }
      }
      default -> {}
    }
  }

  private void retypeWord(CommonToken token) {
    String word = token.getText();
    if (operandNext) {
      if (atStart()) {
        Keyword.at(Keyword.Position.STATEMENT, word)
            .filter(keyword -> !new LineScan(_input).isBinderNext(_input.index()))
            .ifPresent(keyword -> token.setType(keyword.tokenType()));
      } else if (depth > 0 && openers[depth - 1] == BmrLexer.LBRACE) {
        if (last == BmrLexer.LBRACE || last == BmrLexer.COMMA) {
          Keyword.at(Keyword.Position.MAP_ENTRY, word)
              .ifPresent(keyword -> token.setType(keyword.tokenType()));
        } else if (last == BmrLexer.COLON) {
          Keyword.at(Keyword.Position.MAP_ELEMENT, word)
              .ifPresent(keyword -> token.setType(keyword.tokenType()));
        }
      }
      return;
    }
    Optional<Keyword> keyword =
        expecting && depth == 0
            ? Keyword.at(Keyword.Position.EXPECTATION, word)
            : Keyword.at(Keyword.Position.OPERATOR, word);
    if (keyword.isPresent()) {
      token.setType(keyword.get().tokenType());
    } else if (word.charAt(0) == 'x' || word.charAt(0) == 'X') {
      cutAfterTimes(token);
    } else {
      token.setType(BmrLexer.STRAY);
    }
  }

  /** {@code x0.4} behind an operand is {@code x} and {@code 0.4}: the rest is read again. */
  private void cutAfterTimes(CommonToken token) {
    token.setType(BmrLexer.TIMES);
    token.setStopIndex(token.getStartIndex());
    token.setText(null);
    _input.seek(token.getStartIndex() + 1);
    getInterpreter().setCharPositionInLine(token.getCharPositionInLine() + 1);
    _hitEOF = false;
  }

  private boolean atStart() {
    return last == Token.EOF || last == BmrLexer.BULLET;
  }

  // ---- position ----

  private void advance(int type) {
    switch (type) {
      case BmrLexer.LPAREN, BmrLexer.LBRACKET, BmrLexer.LBRACE -> open(type);
      case BmrLexer.RPAREN, BmrLexer.RBRACKET, BmrLexer.RBRACE -> depth = Math.max(0, depth - 1);
      case BmrLexer.EQ,
          BmrLexer.ARROW,
          BmrLexer.FAT_ARROW,
          BmrLexer.ARROW_SIGN,
          BmrLexer.DOUBLE_ARROW_SIGN ->
          named |= depth == 0;
      case BmrLexer.SAVE -> saving = true;
      case BmrLexer.EXPECT, BmrLexer.REQUIRE -> expecting = true;
      default -> {}
    }
    operandNext =
        switch (type) {
          case BmrLexer.WORD,
              BmrLexer.STEP_PRESET,
              BmrLexer.STRAY,
              BmrLexer.NUMBER,
              BmrLexer.STRING,
              BmrLexer.OPEN_STRING,
              BmrLexer.HF_REF,
              BmrLexer.UNKNOWN,
              BmrLexer.PERCENT,
              BmrLexer.RPAREN,
              BmrLexer.RBRACKET,
              BmrLexer.RBRACE,
              BmrLexer.F8,
              BmrLexer.F16,
              BmrLexer.BF16,
              BmrLexer.F32,
              BmrLexer.F64,
              BmrLexer.UNET,
              BmrLexer.VAE,
              BmrLexer.CLIP,
              BmrLexer.RELATIVE,
              BmrLexer.UNRECOGNIZED ->
              false;
          // options of `save` may stand behind commas, and are words like those without
          case BmrLexer.COMMA -> !saving;
          default -> true;
        };
    last = type;
  }

  private void open(int type) {
    if (depth < DEEPEST) {
      openers[depth] = type;
      depth++;
    } else {
      ((CommonToken) _token).setType(BmrLexer.TOO_DEEP);
    }
  }

  // ---- ends of lines ----

  /** Whether the statement ends here; what it saw is remembered for the whole run of newlines. */
  private boolean endsStatement() {
    var scan = new LineScan(_input);
    int next = scan.nextVisible(_input.index());
    decidedUntil = next;
    entryNext = false;
    if (last == Token.EOF) {
      return false;
    }
    if (scan.isEnd(next) || scan.isBullet(next)) {
      return true;
    }
    boolean deeper = scan.columnOf(next) > statementColumn;
    entryNext = isInMap() && scan.isMapEntry(next, deeper);
    if (entryNext) {
      return false;
    }
    boolean binds = scan.isBinding(next);
    if (isJoining(last)) {
      return !deeper && binds && named && (depth > 0 || last != BmrLexer.COMMA)
          || last == BmrLexer.COLON && depth == 0 && !deeper;
    }
    if (deeper && scan.isContinuation(next)) {
      return false;
    }
    if (depth > 0) {
      return !(deeper && !binds || scan.isCloserOrComma(next));
    }
    return true;
  }

  private boolean isInMap() {
    return depth > 0 && openers[depth - 1] == BmrLexer.LBRACE;
  }

  /** Whether the line that ends here in a map is an entry, and the next one begins another. */
  private boolean separatesEntries() {
    return entryNext
        && (last == BmrLexer.NUMBER || last == BmrLexer.PERCENT || last == BmrLexer.RPAREN);
  }

  private static boolean isJoining(int type) {
    return switch (type) {
      case BmrLexer.PLUS,
          BmrLexer.MINUS,
          BmrLexer.MINUS_SIGN,
          BmrLexer.EN_DASH,
          BmrLexer.TIMES,
          BmrLexer.STAR,
          BmrLexer.CROSS,
          BmrLexer.MIDDLE_DOT,
          BmrLexer.DOT_OPERATOR,
          BmrLexer.SLASH,
          BmrLexer.AT,
          BmrLexer.BAR,
          BmrLexer.TILDE,
          BmrLexer.DOT_DOT,
          BmrLexer.WITH,
          BmrLexer.COMPARISON,
          BmrLexer.NOT,
          BmrLexer.ELSE,
          BmrLexer.EQ,
          BmrLexer.ARROW,
          BmrLexer.FAT_ARROW,
          BmrLexer.ARROW_SIGN,
          BmrLexer.DOUBLE_ARROW_SIGN,
          BmrLexer.COMMA,
          BmrLexer.COLON,
          BmrLexer.LPAREN,
          BmrLexer.LBRACKET,
          BmrLexer.LBRACE,
          BmrLexer.TOO_DEEP ->
          true;
      default -> false;
    };
  }
}
