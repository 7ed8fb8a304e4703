package bmr.syntax;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.FormulaProblem;
import bmr.diagnostic.Problem;
import bmr.source.Span;
import bmr.syntax.antlr.BmrLexer;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;

/** Makes records of the parse tree of a formula; recursion goes no deeper than brackets. */
final class ExpressionBuilder {
  private final StatementTokens.Cut cut;
  private final List<Diagnostic> problems;
  private final Words words;
  private final MapBuilder maps;
  private boolean productNoted;

  ExpressionBuilder(StatementTokens.Cut cut, List<Diagnostic> problems) {
    this.cut = cut;
    this.problems = problems;
    words = new Words(cut, problems);
    maps = new MapBuilder(this, words);
  }

  Words words() {
    return words;
  }

  Span span(ParserRuleContext context) {
    return words.span(context);
  }

  private void report(Span place, Problem problem) {
    problems.add(Diagnostic.at(place, problem));
  }

  /** One expression, or a list without brackets. */
  Expression weights(BmrParser.WeightsContext context) {
    List<Expression> values = all(context.expression());
    return values.size() == 1 ? values.getFirst() : list(values, span(context));
  }

  /** A list of weights; `0,08` as a whole list, or beside an operator, is meant as one number. */
  private Expression list(List<Expression> values, Span place) {
    Optional<Span> comma =
        values.size() == 2 ? DecimalCommas.find(place) : DecimalCommas.findFactor(place);
    if (comma.isPresent()) {
      report(comma.get(), new FormulaProblem.DecimalComma(comma.get().text()));
      return new Expression.Broken(place);
    }
    return new Expression.Values(values, place);
  }

  private List<Expression> all(List<BmrParser.ExpressionContext> contexts) {
    List<Expression> expressions = new ArrayList<>(contexts.size());
    for (var context : contexts) {
      expressions.add(expression(context));
    }
    return expressions;
  }

  Expression expression(BmrParser.ExpressionContext context) {
    Expression operand = alternatives(context.alternatives());
    if (context.AT() == null) {
      return operand;
    }
    return new Expression.At(operand, sum(context.sum()), span(context));
  }

  private Expression alternatives(BmrParser.AlternativesContext context) {
    List<Expression> alternatives = new ArrayList<>();
    boolean mixed = context.getParent() instanceof BmrParser.ExpressionContext e && e.AT() != null;
    for (var sum : context.sum()) {
      Expression alternative = sum(sum);
      mixed |= alternative instanceof Expression.Sum || alternative instanceof Expression.Product;
      alternatives.add(alternative);
    }
    if (alternatives.size() == 1) {
      return alternatives.getFirst();
    }
    if (mixed) {
      report(words.span(context.BAR(0).getSymbol()), new FormulaProblem.MixedFallback());
      return new Expression.Broken(span(context));
    }
    return new Expression.Fallback(alternatives, span(context));
  }

  private Expression sum(BmrParser.SumContext context) {
    if (context.getChildCount() == 1) {
      return product((BmrParser.ProductContext) context.getChild(0));
    }
    List<Expression.Term> terms = new ArrayList<>();
    boolean negative = false;
    Optional<Span> sign = Optional.empty();
    for (ParseTree child : context.children) {
      if (child instanceof BmrParser.SignContext written) {
        negative ^= isMinus(written);
        sign = sign.or(() -> Optional.of(span(written)));
      } else {
        Expression operand = product((BmrParser.ProductContext) child);
        Span place = sign.map(s -> s.to(operand.span())).orElse(operand.span());
        terms.add(new Expression.Term(negative, operand, place));
        negative = false;
        sign = Optional.empty();
      }
    }
    return new Expression.Sum(terms, span(context));
  }

  private static boolean isMinus(BmrParser.SignContext sign) {
    return sign.PLUS() == null;
  }

  private Expression product(BmrParser.ProductContext context) {
    List<Expression.Factor> factors = new ArrayList<>();
    boolean divided = false;
    boolean negative = false;
    Optional<Span> sign = Optional.empty();
    for (ParseTree child : context.children) {
      switch (child) {
        case BmrParser.TimesContext times -> {
          divided = times.SLASH() != null;
          noteGlued(times.start.getTokenIndex());
        }
        case BmrParser.SignContext written -> {
          negative ^= isMinus(written);
          sign = sign.or(() -> Optional.of(span(written)));
        }
        case BmrParser.OperandContext written -> {
          for (Expression operand : operand(written)) {
            Expression signed =
                negative
                    ? new Expression.Negated(
                        operand, sign.map(s -> s.to(operand.span())).orElse(operand.span()))
                    : operand;
            factors.add(new Expression.Factor(divided, signed, signed.span()));
            divided = false;
            negative = false;
            sign = Optional.empty();
          }
        }
        default -> throw new IllegalStateException("a product holds " + child.getClass());
      }
    }
    return factors.size() == 1
        ? factors.getFirst().operand()
        : new Expression.Product(factors, span(context));
  }

  /** A name, a blank and `x3.4` may be one published name, so the reading is said. */
  private void noteGlued(int times) {
    Token before = cut.tokens().get(times - 1);
    Token sign = cut.tokens().get(times);
    Token behind = cut.tokens().get(times + 1);
    if (sign.getType() == BmrLexer.TIMES
        && before.getType() == BmrLexer.WORD
        && before.getStopIndex() + 1 < sign.getStartIndex()
        && sign.getStopIndex() + 1 == behind.getStartIndex()
        && (behind.getType() == BmrLexer.NUMBER || behind.getType() == BmrLexer.WORD)) {
      report(
          words.span(before).to(words.span(behind)),
          new FormulaProblem.GluedTimes(before.getText(), behind.getText()));
    }
  }

  /** The factors of an operand: two where a number or bracket stands beside a bracket. */
  private List<Expression> operand(BmrParser.OperandContext context) {
    List<Expression> factors = primary(context.primary());
    for (var overrides : context.map()) {
      Expression weight = factors.getLast();
      Span place = weight.span().to(span(overrides));
      factors.set(
          factors.size() - 1, new Expression.With(weight, maps.weightMap(overrides), place));
    }
    return factors;
  }

  private List<Expression> primary(BmrParser.PrimaryContext context) {
    List<Expression> factors = new ArrayList<>(2);
    switch (context) {
      case BmrParser.NumericContext numeric -> {
        factors.add(words.number(numeric.number()));
        if (numeric.group() != null) {
          factors.add(group(numeric.group()));
        }
      }
      case BmrParser.GroupedContext grouped -> {
        for (var group : grouped.group()) {
          factors.add(group(group));
        }
        if (grouped.number() != null) {
          factors.add(words.number(grouped.number()));
        }
      }
      case BmrParser.NamedContext named -> factors.add(named(named));
      case BmrParser.HubFileContext file ->
          factors.add(new Expression.HubFile(words.hubReference(file.HF_REF()), span(file)));
      case BmrParser.UnknownContext unknown -> factors.add(unknown(unknown));
      case BmrParser.ModelsContext models -> factors.add(modelList(models.modelList()));
      case BmrParser.WeightMapContext map -> factors.add(maps.weightMap(map.map()));
      default -> throw new IllegalStateException("an operand is " + context.getClass());
    }
    if (factors.size() == 2 && !productNoted) {
      productNoted = true;
      report(
          span(context),
          new FormulaProblem.ImpliedProduct(
              Words.shortened(factors.getFirst().span().text()),
              Words.shortened(factors.getLast().span().text())));
    }
    return factors;
  }

  private Expression group(BmrParser.GroupContext context) {
    List<Expression> inner = all(context.expression());
    if (inner.size() == 1 && context.COMMA().isEmpty()) {
      return new Expression.Bracket(inner.getFirst(), span(context));
    }
    return list(inner, span(context));
  }

  private Expression named(BmrParser.NamedContext context) {
    Name name =
        context.word() != null
            ? words.name(context.word())
            : words.quoted(context.STRING().getSymbol());
    if (context.pin() != null) {
      Token hash =
          context.pin().WORD() != null
              ? context.pin().WORD().getSymbol()
              : context.pin().NUMBER().getSymbol();
      return new Expression.Pinned(name, hash.getText(), span(context));
    }
    if (context.arguments() == null) {
      return new Expression.Word(name);
    }
    List<Expression.Argument> arguments = new ArrayList<>();
    for (var argument : context.arguments().argument()) {
      Optional<Name> label = Optional.ofNullable(argument.name()).map(words::name);
      arguments.add(
          new Expression.Argument(label, expression(argument.expression()), span(argument)));
    }
    return new Expression.Call(name, arguments, span(context));
  }

  private Expression modelList(BmrParser.ModelListContext context) {
    if (context.expression().isEmpty()) {
      report(span(context), new FormulaProblem.EmptyBrackets("[ ]"));
      return new Expression.Broken(span(context));
    }
    return new Expression.ModelList(all(context.expression()), span(context));
  }

  private Expression unknown(BmrParser.UnknownContext context) {
    String text = context.UNKNOWN().getText().substring(1);
    boolean isStart = !text.isEmpty() && text.chars().allMatch(c -> c == '.' || isDigit(c));
    Optional<BigDecimal> start = isStart ? words.decimal(text, span(context)) : Optional.empty();
    Optional<BigDecimal> low = Optional.empty();
    Optional<BigDecimal> high = Optional.empty();
    if (context.bounds() != null) {
      low = signed(context.bounds().signedNumber(0));
      high = signed(context.bounds().signedNumber(1));
    }
    if (context.signedNumber() != null) {
      start = signed(context.signedNumber());
    }
    Optional<String> name = text.isEmpty() || isStart ? Optional.empty() : Optional.of(text);
    return new Expression.Unknown(name.map(Words::normalized), low, high, start, span(context));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Empty where the number is not one; a problem has been reported then. */
  Optional<BigDecimal> signed(BmrParser.SignedNumberContext context) {
    if (!(words.number(context.number()) instanceof Expression.Number number)) {
      return Optional.empty();
    }
    boolean negative = context.sign() != null && isMinus(context.sign());
    return Optional.of(negative ? number.value().negate() : number.value());
  }
}
