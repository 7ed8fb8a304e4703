package bmr.syntax;

import bmr.source.SourceText;

/** From text to syntax tree. */
public final class Parser {
  private Parser() {}

  /** Parses a script; never throws on any text. */
  public static Parsed parse(SourceText source) {
    throw new UnsupportedOperationException();
  }

  /** A bare weight or formula, as {@code --set} and {@code -e} give it. */
  public static ParsedExpression parseExpression(SourceText source) {
    throw new UnsupportedOperationException();
  }
}
