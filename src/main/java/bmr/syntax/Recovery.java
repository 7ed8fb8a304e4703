package bmr.syntax;

import bmr.diagnostic.Suggestions;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Keeps the name of a definition that could not be parsed, so that nothing misses it later. */
final class Recovery {
  private Recovery() {}

  static Optional<Piece> definition(StatementTokens.Cut cut) {
    List<Token> tokens = cut.tokens();
    int first = 0;
    while (isSkipped(tokens.get(first).getType())) {
      first++;
    }
    if (isMisspeltModel(tokens, first)) {
      first++;
    }
    int binder = binder(tokens, first);
    if (binder == tokens.size()) {
      return Optional.empty();
    }
    int end = tokens.size() - 2;
    if (tokens.get(binder).getType() == BmrLexer.EQ) {
      Optional<Name> left = name(cut, first, binder);
      if (left.isPresent()) {
        return Optional.of(broken(cut, left.get(), Piece.Form.NAME_FIRST));
      }
    }
    return name(cut, binder + 1, end)
        .or(() -> labelled(cut, binder + 1, end))
        .map(name -> broken(cut, name, Piece.Form.NAME_LAST));
  }

  /** All names that a line defines: the one above, and those of further definitions behind it. */
  static List<Piece> definitions(StatementTokens.Cut cut) {
    List<Piece> pieces = new ArrayList<>();
    definition(cut).ifPresent(pieces::add);
    List<Token> tokens = cut.tokens();
    for (int i = binder(tokens, 0) + 1; i < tokens.size() && !pieces.isEmpty(); i++) {
      int word = tokens.get(i - 1).getType();
      if (tokens.get(i).getType() == BmrLexer.EQ
          && (word == BmrLexer.STRAY || word == BmrLexer.WORD)
          && !TokenKinds.needsOperand(tokens.get(i - 2).getType())) {
        name(cut, i - 1, i).ifPresent(name -> pieces.add(broken(cut, name, Piece.Form.NAME_LAST)));
      }
    }
    return pieces;
  }

  /** `UI2(ULTRA-ILLUSI0N 2.5D V1)`, as published: a name with a remark in brackets behind it. */
  private static Optional<Name> labelled(StatementTokens.Cut cut, int from, int to) {
    List<Token> tokens = cut.tokens();
    boolean remark =
        to - from > 2
            && tokens.get(from + 1).getType() == BmrLexer.LPAREN
            && tokens.get(to - 1).getType() == BmrLexer.RPAREN;
    return remark ? name(cut, from, from + 1) : Optional.empty();
  }

  private static int binder(List<Token> tokens, int from) {
    int binder = from;
    while (binder < tokens.size() && !TokenKinds.isBinder(tokens.get(binder).getType())) {
      binder++;
    }
    return binder;
  }

  /** {@code modle NAME = "file"}. */
  private static boolean isMisspeltModel(List<Token> tokens, int first) {
    String word = tokens.get(first).getText();
    return first + 2 < tokens.size()
        && tokens.get(first + 1).getType() == BmrLexer.STRAY
        && tokens.get(first + 2).getType() == BmrLexer.EQ
        && Suggestions.closest(word, StatementForms.words()).equals(Optional.of("model"));
  }

  private static boolean isSkipped(int type) {
    return type == BmrLexer.BULLET || type == BmrLexer.LET || type == BmrLexer.MODEL;
  }

  /** One name, or words side by side that were meant as one. */
  private static Optional<Name> name(StatementTokens.Cut cut, int from, int to) {
    List<Token> tokens = cut.tokens();
    if (from >= to) {
      return Optional.empty();
    }
    Span span = cut.span(tokens.get(from)).to(cut.span(tokens.get(to - 1)));
    Token only = tokens.get(from);
    if (to - from == 1 && only.getType() == BmrLexer.STRING) {
      return Optional.of(new Name(Words.normalized(Words.unquoted(only.getText())), true, span));
    }
    for (int i = from; i < to; i++) {
      int type = tokens.get(i).getType();
      if (!TokenKinds.isNamePart(type) && type != BmrLexer.STEP_PRESET) {
        return Optional.empty();
      }
    }
    return Optional.of(new Name(Words.normalized(span.text()), false, span));
  }

  private static Piece broken(StatementTokens.Cut cut, Name name, Piece.Form form) {
    return new Piece.Equation(
        name,
        new Expression.Broken(cut.span()),
        List.of(),
        form,
        false,
        Optional.empty(),
        cut.column(),
        cut.span());
  }
}
