package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.diagnostic.FormulaProblem.MissingOperand.Side;
import bmr.diagnostic.Problem;
import bmr.diagnostic.StatementProblem;
import bmr.diagnostic.Suggestions;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.PositionLexer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/**
 * Says in words why a statement could not be parsed: one problem, the one that a person would name
 * first, from the tokens and the place where the parser gave up.
 */
final class Mistakes {
  private static final int PROSE = 2;
  private static final Set<String> PROGRAM_WORDS =
      Set.of("import", "from", "for", "def", "while", "return", "class", "if", "elif");

  private final StatementTokens.Cut cut;
  private final List<Token> tokens;
  private final int stuck;
  private final boolean named;

  private Mistakes(StatementTokens.Cut cut, int stuck, boolean named) {
    this.named = named;
    this.cut = cut;
    this.tokens = cut.tokens();
    this.stuck = stuck;
  }

  /** What is wrong with a line of a script. */
  static Diagnostic describe(StatementTokens.Cut cut, int stuck) {
    return new Mistakes(cut, stuck, true).describe();
  }

  /** What is wrong with a formula that stands alone. */
  static Diagnostic describeFormula(StatementTokens.Cut cut, int stuck) {
    return new Mistakes(cut, stuck, false).describe();
  }

  private Diagnostic describe() {
    return first(BmrLexer.OPEN_STRING)
        .map(token -> at(token, new FormulaProblem.UnclosedString()))
        .or(this::tooDeep)
        .or(this::table)
        .or(this::program)
        .or(() -> Slips.find(cut, stuck, named))
        .or(this::misspelt)
        .or(() ->
            TokenKinds.isExpectation(tokens.get(start())) ? statementForm() : Optional.empty())
        .or(this::prose)
        .or(this::statementWord)
        .or(this::brackets)
        .or(this::decimalComma)
        .or(this::blanksInList)
        .or(this::saveWord)
        .or(this::besideName)
        .or(this::operand)
        .or(this::unrecognized)
        .or(this::binder)
        .or(this::statementForm)
        .orElseGet(this::unexpected);
  }

  private Diagnostic at(Token token, Problem problem) {
    return Diagnostic.at(cut.span(token), problem);
  }

  private Optional<Token> first(int type) {
    return tokens.stream().filter(token -> token.getType() == type).findFirst();
  }

  private int type(int index) {
    return index >= 0 && index < tokens.size() ? tokens.get(index).getType() : Token.EOF;
  }

  private Token before() {
    return tokens.get(Math.max(0, stuck - 1));
  }

  private Optional<Diagnostic> tooDeep() {
    return first(BmrLexer.TOO_DEEP)
        .map(token -> at(token, new FormulaProblem.TooDeep(PositionLexer.DEEPEST)));
  }

  /** Lines of cells between bars, all of them one statement because bars join lines. */
  private Optional<Diagnostic> table() {
    Token first = tokens.get(start());
    List<Token> line = tokens.stream().filter(t -> t.getLine() == first.getLine()).toList();
    boolean cells = line.stream().filter(t -> t.getType() == BmrLexer.BAR).count() > 1;
    if (first.getType() != BmrLexer.BAR || !cells) {
      return Optional.empty();
    }
    Token last = line.stream().filter(TokenKinds::isVisible).toList().getLast();
    Span row = cut.span(first).to(cut.span(last));
    return Optional.of(Diagnostic.at(row, new StatementProblem.PastedTable()));
  }

  /** {@code import torch}. */
  private Optional<Diagnostic> program() {
    boolean program =
        type(start()) == BmrLexer.WORD
            && PROGRAM_WORDS.contains(tokens.get(start()).getText())
            && type(start() + 1) == BmrLexer.STRAY
            && tokens.stream().noneMatch(t -> TokenKinds.isBinder(t.getType()));
    return program
        ? Optional.of(Diagnostic.at(cut.span(), new StatementProblem.ProgramLine()))
        : Optional.empty();
  }

  /** {@code sav M}. */
  private Optional<Diagnostic> misspelt() {
    int start = start();
    int next = type(start + 1);
    boolean goesOn = next == BmrLexer.STRAY || next == BmrLexer.STRING || next == BmrLexer.NUMBER;
    if (type(start) != BmrLexer.WORD || !goesOn) {
      return Optional.empty();
    }
    long words = tokens.stream().filter(t -> t.getType() == BmrLexer.STRAY).count();
    if (words >= PROSE && first(BmrLexer.STRING).isEmpty()) {
      return Optional.empty();
    }
    Token word = tokens.get(start);
    String written = word.getText();
    Optional<String> meant = Suggestions.closest(written, StatementForms.words());
    boolean binds = tokens.stream().anyMatch(t -> TokenKinds.isBinder(t.getType()));
    boolean named = type(start + 2) == BmrLexer.EQ && Character.isLowerCase(written.codePointAt(0));
    return meant
        .filter(form -> !binds || named && (form.equals("let") || form.equals("model")))
        .map(form -> at(word, new StatementProblem.MisspeltStatement(written, form)));
  }

  /** {@code save M to "file"} and {@code save M fp16}. */
  private Optional<Diagnostic> saveWord() {
    int start = start();
    if (type(start) != BmrLexer.SAVE || type(stuck) != BmrLexer.STRAY || stuck < start + 2) {
      return Optional.empty();
    }
    String word = tokens.get(stuck).getText();
    String name = tokens.get(start + 1).getText();
    Optional<String> advice =
        type(stuck + 1) == BmrLexer.STRING
            ? Optional.of("write `save " + name + " as " + tokens.get(stuck + 1).getText() + "`")
            : StatementForms.type(word).map(type -> "did you mean `" + type + "`?");
    return advice.map(
        text -> at(tokens.get(stuck), new StatementProblem.UnknownSaveWord(word, text)));
  }

  /** Words beside words and nothing that binds: a sentence. */
  private Optional<Diagnostic> prose() {
    long words = tokens.stream().filter(t -> TokenKinds.isWordBehindOperand(t.getType())).count();
    boolean bound = tokens.stream().anyMatch(token -> TokenKinds.isBinder(token.getType()));
    if (bound || words < PROSE || TokenKinds.isStatementWord(type(start()))) {
      return Optional.empty();
    }
    return Optional.of(Diagnostic.at(cut.span(), new StatementProblem.Prose()));
  }

  private int start() {
    int index = 0;
    while (type(index) == BmrLexer.BULLET) {
      index++;
    }
    return index;
  }

  /** {@code save x 0.5 + B x 0.5 = R}: the word is a name. */
  private Optional<Diagnostic> statementWord() {
    int start = start();
    if (!TokenKinds.isStatementWord(type(start))) {
      return Optional.empty();
    }
    boolean binds = type(start) == BmrLexer.LET || type(start) == BmrLexer.MODEL;
    for (int i = start + 1; i < tokens.size(); i++) {
      boolean own = binds && i == start + 2;
      if (TokenKinds.isBinder(type(i)) && !own) {
        Token word = tokens.get(start);
        return Optional.of(at(word, new StatementProblem.StatementWordAsName(word.getText())));
      }
    }
    return Optional.empty();
  }

  // ---- brackets ----

  private Optional<Diagnostic> brackets() {
    Deque<Token> openers = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (TokenKinds.isOpener(token.getType())) {
        openers.push(token);
      } else if (TokenKinds.isCloser(token.getType())) {
        if (openers.isEmpty()) {
          return Optional.of(at(token, new FormulaProblem.UnmatchedCloser(token.getText())));
        }
        Token opener = openers.pop();
        if (!TokenKinds.fit(opener.getType(), token.getType())) {
          return Optional.of(at(opener, new FormulaProblem.UnclosedBracket(opener.getText())));
        }
        boolean empty = i > 0 && tokens.get(i - 1).equals(opener);
        if (empty && i == stuck) {
          String both = opener.getText() + " " + token.getText();
          return Optional.of(
              Diagnostic.at(
                  cut.span(opener).to(cut.span(token)), new FormulaProblem.EmptyBrackets(both)));
        }
      }
    }
    return Optional.ofNullable(openers.peek())
        .map(opener -> at(opener, new FormulaProblem.UnclosedBracket(opener.getText())));
  }

  // ---- what stands beside what ----

  private Optional<Diagnostic> decimalComma() {
    return DecimalCommas.find(cut, stuck - 2, stuck + 3)
        .map(span -> Diagnostic.at(span, new FormulaProblem.DecimalComma(span.text())));
  }

  /** Three numbers or more side by side: a list whose commas are missing. */
  private Optional<Diagnostic> blanksInList() {
    int from = stuck;
    while (type(from - 1) == BmrLexer.NUMBER) {
      from--;
    }
    int to = stuck;
    while (type(to + 1) == BmrLexer.NUMBER) {
      to++;
    }
    if (type(stuck) != BmrLexer.NUMBER || to - from < 2) {
      return Optional.empty();
    }
    String beginning =
        tokens.get(from).getText()
            + ", "
            + tokens.get(from + 1).getText()
            + ", "
            + tokens.get(from + 2).getText();
    return Optional.of(
        Diagnostic.at(
            cut.span(tokens.get(from)).to(cut.span(tokens.get(to))),
            new FormulaProblem.BlanksInList(beginning)));
  }

  private Optional<Diagnostic> besideName() {
    int found = type(stuck);
    if (TokenKinds.isWordBehindOperand(found) && !isWordOfStatement()) {
      return Optional.of(blanksInName());
    }
    if (found != BmrLexer.NUMBER || stuck == 0) {
      return Optional.empty();
    }
    Token before = before();
    if (before.getText().equalsIgnoreCase("x") && TokenKinds.needsOperand(type(stuck - 2))) {
      return Optional.of(missing(tokens.get(stuck - 2), Side.BEHIND));
    }
    String number = tokens.get(stuck).getText() + (type(stuck + 1) == BmrLexer.PERCENT ? "%" : "");
    return switch (before.getType()) {
      case BmrLexer.WORD, BmrLexer.STEP_PRESET, BmrLexer.STRING, BmrLexer.RBRACKET ->
          TokenKinds.isWordBehindOperand(type(stuck + 1))
              ? Optional.of(blanksInName())
              : Optional.of(nameBeforeNumber(number));
      case BmrLexer.NUMBER, BmrLexer.PERCENT ->
          Optional.of(
              at(tokens.get(stuck), new FormulaProblem.MissingOperator(before.getText(), number)));
      default -> Optional.empty();
    };
  }

  /** A keyword in a statement that knows some, or a `compare` without `with`: no name to quote. */
  private boolean isWordOfStatement() {
    int statement = type(start());
    return statement == BmrLexer.COMPARE && first(BmrLexer.WITH).isEmpty()
        || TokenKinds.isStatementWord(statement) && type(stuck) != BmrLexer.STRAY;
  }

  private Diagnostic nameBeforeNumber(String number) {
    int name = stuck - 1;
    while (type(name) == BmrLexer.RBRACKET && name > 0) {
      name -= 3;
    }
    Span from = cut.span(tokens.get(Math.max(0, name)));
    String written = from.to(cut.span(before())).text();
    return Diagnostic.at(
        from.to(cut.span(tokens.get(stuck))), new FormulaProblem.NameBeforeNumber(written, number));
  }

  private Diagnostic blanksInName() {
    int from = stuck;
    while (TokenKinds.isNamePart(type(from - 1))) {
      from--;
    }
    int to = stuck;
    while (TokenKinds.isNamePart(type(to + 1))) {
      to++;
    }
    Span span = cut.span(tokens.get(from)).to(cut.span(tokens.get(to)));
    boolean number = type(from) == BmrLexer.NUMBER && tokens.get(from).getText().contains(".");
    if (from == stuck || number) {
      span = cut.span(tokens.get(stuck)).to(cut.span(tokens.get(to)));
      return Diagnostic.at(
          span,
          new FormulaProblem.MissingOperator(
              Words.shortened(before().getText()), Words.shortened(span.text())));
    }
    return Diagnostic.at(span, new FormulaProblem.BlanksInName(span.text()));
  }

  /** An operator with nothing on one of its sides. */
  private Optional<Diagnostic> operand() {
    int found = type(stuck);
    boolean nothing = stuck == 0 || type(stuck - 1) == BmrLexer.BULLET;
    if (!nothing && TokenKinds.needsOperand(before().getType())) {
      boolean ends =
          found == BmrLexer.NEWLINE
              || found == Token.EOF
              || TokenKinds.isCloser(found)
              || TokenKinds.needsOperand(found);
      if (ends) {
        boolean bare = TokenKinds.isBinder(before().getType()) && TokenKinds.isArithmetic(found);
        return Optional.of(
            bare ? missing(tokens.get(stuck), Side.BEFORE) : missing(before(), Side.BEHIND));
      }
    }
    boolean opens = nothing || TokenKinds.isOpener(before().getType());
    return opens && TokenKinds.needsOperand(found)
        ? Optional.of(missing(tokens.get(stuck), Side.BEFORE))
        : Optional.empty();
  }

  private Diagnostic missing(Token operator, Side side) {
    return at(operator, new FormulaProblem.MissingOperand(operator.getText(), side));
  }

  private Optional<Diagnostic> unrecognized() {
    return switch (type(stuck)) {
      case BmrLexer.UNRECOGNIZED, BmrLexer.BULLET, BmrLexer.DOT_DOT, BmrLexer.TILDE ->
          Optional.of(
              at(
                  tokens.get(stuck),
                  new FormulaProblem.UnexpectedCharacter(tokens.get(stuck).getText())));
      default -> Optional.empty();
    };
  }

  private Optional<Diagnostic> binder() {
    if (!TokenKinds.isBinder(type(stuck)) || TokenKinds.isStatementWord(type(start()))) {
      return Optional.empty();
    }
    Token second = tokens.get(stuck);
    boolean earlier =
        tokens.subList(0, stuck).stream().anyMatch(t -> TokenKinds.isBinder(t.getType()));
    return earlier
        ? Optional.of(at(second, new StatementProblem.SecondBinder(second.getText())))
        : Optional.empty();
  }

  private Optional<Diagnostic> statementForm() {
    Token word = tokens.get(start());
    if (!TokenKinds.isStatementWord(word.getType())) {
      return Optional.empty();
    }
    Span place = stuck < tokens.size() - 2 ? cut.span(tokens.get(stuck)) : cut.span();
    String text = word.getText();
    return Optional.of(
        Diagnostic.at(place, new StatementProblem.StatementForm(text, StatementForms.of(text))));
  }

  private Diagnostic unexpected() {
    Token found = tokens.get(stuck);
    if (found.getType() == BmrLexer.NEWLINE || found.getType() == Token.EOF) {
      return Diagnostic.at(cut.span(), new StatementProblem.Incomplete());
    }
    if (type(stuck - 1) == BmrLexer.COMMA && found.getType() == BmrLexer.NUMBER) {
      return Diagnostic.at(
          cut.span(tokens.get(start())).to(cut.span(found)), new StatementProblem.BareList());
    }
    String instead =
        type(stuck - 1) == BmrLexer.COMMA
            ? "behind the comma stands a weight, such as `alpha = 0.5`"
            : before().getType() == BmrLexer.WITH
                ? "exceptions stand in braces: `with {OUT04: 0.3}`"
                : TokenKinds.isOperand(before().getType())
                    ? "an operator or a comma is missing"
                    : "";
    return at(found, new FormulaProblem.Unexpected(Words.shortened(found.getText()), instead));
  }
}
