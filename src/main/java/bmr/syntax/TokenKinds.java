package bmr.syntax;

import bmr.syntax.antlr.BmrLexer;
import org.antlr.v4.runtime.Token;

/** Groups of token types that messages and recovery speak of. */
final class TokenKinds {
  private TokenKinds() {}

  static boolean isVisible(Token token) {
    return token.getType() != BmrLexer.NEWLINE && token.getType() != Token.EOF;
  }

  static boolean isBinder(int type) {
    return switch (type) {
      case BmrLexer.EQ,
          BmrLexer.ARROW,
          BmrLexer.FAT_ARROW,
          BmrLexer.ARROW_SIGN,
          BmrLexer.DOUBLE_ARROW_SIGN ->
          true;
      default -> false;
    };
  }

  static boolean isStatementWord(int type) {
    return switch (type) {
      case BmrLexer.LET,
          BmrLexer.MODELS,
          BmrLexer.MODEL,
          BmrLexer.SAVE,
          BmrLexer.COMPARE,
          BmrLexer.BLOCK_MAP,
          BmrLexer.PRECISION,
          BmrLexer.SEED,
          BmrLexer.INCLUDE,
          BmrLexer.KEEP,
          BmrLexer.DROP,
          BmrLexer.EXPECT,
          BmrLexer.REQUIRE,
          BmrLexer.LATER ->
          true;
      default -> false;
    };
  }

  /** What begins a statement whose signs mean other things elsewhere. */
  static boolean isExpectation(Token token) {
    return token.getType() == BmrLexer.EXPECT || token.getType() == BmrLexer.REQUIRE;
  }

  /** A word in operator position that is no multiplication: the second half of a name, mostly. */
  static boolean isWordBehindOperand(int type) {
    return switch (type) {
      case BmrLexer.STRAY,
          BmrLexer.AS,
          BmrLexer.ON,
          BmrLexer.LICENSE,
          BmrLexer.SHA256,
          BmrLexer.F8,
          BmrLexer.F16,
          BmrLexer.BF16,
          BmrLexer.F32,
          BmrLexer.F64,
          BmrLexer.UNET,
          BmrLexer.SHARDS,
          BmrLexer.VAE,
          BmrLexer.CLIP,
          BmrLexer.ALLOW ->
          true;
      default -> false;
    };
  }

  /** What a name with blanks may consist of. */
  static boolean isNamePart(int type) {
    return type == BmrLexer.WORD || type == BmrLexer.NUMBER || isWordBehindOperand(type);
  }

  static boolean isOpener(int type) {
    return type == BmrLexer.LPAREN || type == BmrLexer.LBRACKET || type == BmrLexer.LBRACE;
  }

  static boolean isCloser(int type) {
    return type == BmrLexer.RPAREN || type == BmrLexer.RBRACKET || type == BmrLexer.RBRACE;
  }

  static boolean fit(int opener, int closer) {
    return switch (opener) {
      case BmrLexer.LPAREN -> closer == BmrLexer.RPAREN;
      case BmrLexer.LBRACKET -> closer == BmrLexer.RBRACKET;
      default -> closer == BmrLexer.RBRACE;
    };
  }

  /** What must be followed by an operand. */
  static boolean needsOperand(int type) {
    return isBinder(type)
        || isArithmetic(type)
        || type == BmrLexer.COMMA
        || type == BmrLexer.COLON
        || type == BmrLexer.WITH;
  }

  static boolean isArithmetic(int type) {
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
          BmrLexer.BAR ->
          true;
      default -> false;
    };
  }

  static boolean isOperand(int type) {
    return switch (type) {
      case BmrLexer.WORD,
          BmrLexer.STEP_PRESET,
          BmrLexer.NUMBER,
          BmrLexer.PERCENT,
          BmrLexer.STRING,
          BmrLexer.HF_REF,
          BmrLexer.UNKNOWN,
          BmrLexer.RPAREN,
          BmrLexer.RBRACKET,
          BmrLexer.RBRACE ->
          true;
      default -> false;
    };
  }
}
