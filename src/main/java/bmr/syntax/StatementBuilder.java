package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.StatementProblem;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Comparison;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import bmr.syntax.tree.Statement.SaveOption;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes records of the parse tree of one statement, and decides which side of `=` is the name. */
final class StatementBuilder {
  private static final int LONGEST_SEED = 40;

  private final StatementTokens.Cut cut;
  private final List<Diagnostic> problems;
  private final ExpressionBuilder expressions;
  private final Words words;

  StatementBuilder(StatementTokens.Cut cut, List<Diagnostic> problems) {
    this.cut = cut;
    this.problems = problems;
    expressions = new ExpressionBuilder(cut, problems);
    words = expressions.words();
  }

  private void report(Span place, Problem problem) {
    problems.add(Diagnostic.at(place, problem));
  }

  /** Empty where nothing is left that later steps could use; a problem has been reported then. */
  Optional<Piece> build(BmrParser.StatementContext context) {
    Span span = words.span(context);
    return switch (context) {
      case BmrParser.DefinitionContext definition -> equation(definition);
      case BmrParser.AllowContext allow ->
          allowance(allow.allowance()).map(place -> new Piece.Allowance(cut.column(), place));
      case BmrParser.LetContext let ->
          whole(
              new Statement.Let(words.name(let.name()), expressions.weights(let.weights()), span));
      case BmrParser.ModelsFolderContext models ->
          whole(new Statement.ModelsFolder(Words.text(models.STRING()), span));
      case BmrParser.ModelFileContext model -> whole(modelFile(model, span));
      case BmrParser.SaveContext save -> whole(save(save, span));
      case BmrParser.CompareContext compare -> whole(compare(compare, span));
      case BmrParser.ExpectationContext expectation -> whole(expectation(expectation, span));
      case BmrParser.BlockMapContext map ->
          whole(
              new Statement.BlockMapChoice(
                  Words.text(map.STRING()), words.span(map.STRING().getSymbol()), span));
      case BmrParser.PrecisionContext precision -> whole(precision(precision, span));
      case BmrParser.SeedContext seed -> seed(seed, span);
      case BmrParser.EmaContext ema -> ema(ema, span);
      case BmrParser.IncludeContext include ->
          whole(
              new Statement.Include(
                  Words.text(include.STRING()), words.span(include.STRING().getSymbol()), span));
      default -> throw new IllegalStateException("a statement is " + context.getClass());
    };
  }

  private static Optional<Piece> whole(Statement statement) {
    return Optional.of(new Piece.Whole(statement));
  }

  // ---- definitions ----

  private Optional<Piece> equation(BmrParser.DefinitionContext context) {
    Expression left = expressions.expression(context.expression());
    if (context.bind() == null) {
      report(left.span(), new StatementProblem.NamelessFormula());
      return Optional.empty();
    }
    Expression right = expressions.weights(context.weights());
    boolean bareList =
        context.weights().expression().size() > 1 && right instanceof Expression.Values;
    Optional<Span> allowed = Optional.ofNullable(context.allowance()).flatMap(this::allowance);
    List<Statement.Clause> clauses = new ArrayList<>();
    for (var binding : context.binding()) {
      clauses.add(clause(binding));
    }
    var bind = context.bind();
    boolean equals = bind.EQ() != null;
    boolean colon = bind.COLON() != null;
    Span place = words.span(context);
    if ((equals || colon) && isBareName(left)) {
      var form = equals ? Piece.Form.NAME_FIRST : Piece.Form.NAME_COLON;
      return Optional.of(
          new Piece.Equation(
              binding(left), right, clauses, form, bareList, allowed, cut.column(), place));
    }
    if (colon) {
      report(
          words.span(bind),
          new FormulaProblem.Unexpected(":", "a colon stands behind a name: `alpha: 0.5`"));
      return Optional.empty();
    }
    if (isBareName(right)) {
      noteDash();
      return Optional.of(
          new Piece.Equation(
              binding(right),
              left,
              clauses,
              Piece.Form.NAME_LAST,
              false,
              allowed,
              cut.column(),
              place));
    }
    report(words.span(bind), new StatementProblem.NoNameToBind(bind.getText()));
    return Recovery.definition(cut);
  }

  private Optional<Span> allowance(BmrParser.AllowanceContext context) {
    Span place = words.span(context);
    if (context.WORD().getText().equals("sum")) {
      return Optional.of(place);
    }
    report(place, new StatementProblem.UnknownAllowance(context.WORD().getText()));
    return Optional.empty();
  }

  private Statement.Clause clause(BmrParser.BindingContext context) {
    return new Statement.Clause(
        words.name(context.name()), expressions.weights(context.weights()), words.span(context));
  }

  private static boolean isBareName(Expression expression) {
    return expression instanceof Expression.Word
        || expression instanceof Expression.Number number && !number.written().endsWith("%");
  }

  private Name binding(Expression side) {
    return switch (side) {
      case Expression.Word word -> word.name();
      case Expression.Number number -> {
        report(number.span(), new StatementProblem.NumberAsName(number.written()));
        yield new Name(number.written(), false, number.span());
      }
      default -> throw new IllegalStateException("no bare name: " + side);
    };
  }

  /** A formula may begin with a sign, so a dash that was read as a bullet is worth a note. */
  private void noteDash() {
    var first = cut.tokens().getFirst();
    if (first.getType() == BmrLexer.BULLET && first.getText().equals("-")) {
      report(words.span(first), new StatementProblem.DashBullet());
    }
  }

  // ---- statements that begin with a word ----

  private Statement modelFile(BmrParser.ModelFileContext context, Span span) {
    var file = context.file();
    Optional<String> name =
        file.UNKNOWN() != null
            ? Optional.empty()
            : Optional.of(
                file.STRING() != null
                    ? Words.text(file.STRING())
                    : file.HF_REF() != null
                        ? "hf:" + words.hubReference(file.HF_REF())
                        : file.word().getText());
    if (file.UNKNOWN() != null && !file.UNKNOWN().getText().equals("?")) {
      report(
          words.span(file),
          new StatementProblem.StatementForm("model", StatementForms.of("model")));
    }
    Optional<String> license = last(context.LICENSE(), context.STRING()).map(Words::text);
    Optional<String> sha256 = Optional.empty();
    if (!context.digest().isEmpty()) {
      var digest = context.digest().getLast();
      sha256 =
          Optional.of(digest.STRING() != null ? Words.text(digest.STRING()) : digest.getText());
    }
    return new Statement.ModelFile(words.name(context.name()), name, license, sha256, span);
  }

  private static Optional<TerminalNode> last(List<TerminalNode> words, List<TerminalNode> texts) {
    return words.isEmpty() ? Optional.empty() : Optional.of(texts.getLast());
  }

  private Statement save(BmrParser.SaveContext context, Span span) {
    Optional<String> file = Optional.empty();
    List<SaveOption> options = new ArrayList<>();
    for (var option : context.saveOption()) {
      Span place = words.span(option);
      switch (option) {
        case BmrParser.SaveTypeContext type ->
            options.add(new SaveOption.AsType(type.dtype().getText(), place));
        case BmrParser.SaveUnetContext unet ->
            options.add(new SaveOption.UnetOnly(words.span(unet)));
        case BmrParser.SaveShardsContext shards ->
            options.add(new SaveOption.Shards(shards.getStop().getText(), place));
        case BmrParser.SaveVaeContext vae ->
            options.add(new SaveOption.Vae(words.name(vae.name()), Optional.empty(), place));
        case BmrParser.SaveComponentContext typed ->
            options.add(
                new SaveOption.Typed(typed.getStart().getText(), words.name(typed.name()), place));
        case BmrParser.SaveAsContext as when as.STRING() != null ->
            file = Optional.of(Words.text(as.STRING()));
        case BmrParser.SaveAsContext as -> {
          String word = as.word().getText();
          switch (word) {
            case "source" -> options.add(new SaveOption.AsSource(place));
            case "difference" -> options.add(new SaveOption.AsDifference(place));
            case "f8_e4m3",
                "f8_e5m2",
                "f8_e4m3fnuz",
                "f8_e5m2fnuz",
                "f16",
                "bf16",
                "f32",
                "f64" -> {
              int before = context.children.indexOf(option) - 1;
              if (context.getChild(before) instanceof BmrParser.SaveVaeContext
                  && options.getLast() instanceof SaveOption.Vae vae
                  && isModel(vae.value())) {
                options.removeLast();
                options.add(
                    new SaveOption.Vae(vae.value(), Optional.of(word), vae.span().to(place)));
              } else {
                options.add(new SaveOption.AsType(word, place));
              }
            }
            default -> file = Optional.of(word);
          }
        }
        default -> throw new IllegalStateException("a save option is " + option.getClass());
      }
    }
    return new Statement.Save(words.name(context.name()), file, options, span);
  }

  /** Whether what stands behind {@code vae:} is no type and not {@code none}. */
  private static boolean isModel(Name vae) {
    return vae.quoted() || !vae.text().matches("none|b?f(16|32|64)|f8_e[45]m[23](fnuz)?");
  }

  private Statement compare(BmrParser.CompareContext context, Span span) {
    List<String> blocks = new ArrayList<>();
    for (var block : context.block()) {
      blocks.add(block.getText());
    }
    return new Statement.Compare(words.name(context.left), words.name(context.right), blocks, span);
  }

  private Statement expectation(BmrParser.ExpectationContext context, Span span) {
    List<String> blocks = new ArrayList<>();
    for (var selection : context.selection()) {
      blocks.add(selection.STRING() != null ? Words.text(selection.STRING()) : selection.getText());
    }
    var word = context.word();
    boolean percentage = context.signedNumber().number().PERCENT() != null;
    return new Statement.Expectation(
        context.REQUIRE() != null,
        new Name(word.getText(), false, words.span(word)),
        words.name(context.left),
        words.name(context.right),
        blocks,
        Optional.ofNullable(context.base).map(words::name),
        Comparison.of(context.COMPARISON().getText(), context.EQ() != null),
        expressions.signed(context.signedNumber()).orElse(BigDecimal.ZERO),
        percentage,
        span);
  }

  private Statement precision(BmrParser.PrecisionContext context, Span span) {
    var kind = context.kind();
    String word = kind.STRING() != null ? Words.text(kind.STRING()) : kind.word().getText();
    Optional<String> dtype = Optional.empty();
    if (context.dtype() != null) {
      dtype = Optional.of(context.dtype().getText());
    } else if (context.STRING() != null) {
      dtype = Optional.of(Words.text(context.STRING()));
    }
    return new Statement.Precision(word, dtype, span);
  }

  private Optional<Piece> ema(BmrParser.EmaContext context, Span span) {
    if (!context.WORD().getText().equals("ema")) {
      String word = context.start.getText();
      report(
          words.span(context.WORD().getSymbol()),
          new StatementProblem.StatementForm(word, StatementForms.of(word)));
      return Optional.empty();
    }
    return whole(new Statement.EmaChoice(context.KEEP() != null, span));
  }

  private Optional<Piece> seed(BmrParser.SeedContext context, Span span) {
    String digits = context.NUMBER().getText();
    if (digits.length() > LONGEST_SEED || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      report(
          words.span(context.NUMBER().getSymbol()),
          new StatementProblem.StatementForm("seed", StatementForms.of("seed")));
      return Optional.empty();
    }
    return whole(new Statement.Seed(new BigInteger(digits), span));
  }
}
