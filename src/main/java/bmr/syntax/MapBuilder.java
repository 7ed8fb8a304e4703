package bmr.syntax;

import bmr.source.Span;
import bmr.syntax.antlr.BmrParser;
import bmr.syntax.tree.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** Makes records of {@code {OUT06~OUT11: 0.15, else 0}}. */
final class MapBuilder {
  private final ExpressionBuilder expressions;
  private final Words words;

  MapBuilder(ExpressionBuilder expressions, Words words) {
    this.expressions = expressions;
    this.words = words;
  }

  /** Of several {@code else} the last one counts. */
  Expression.WeightMap weightMap(BmrParser.MapContext context) {
    List<Expression.MapEntry> entries = new ArrayList<>();
    Optional<Expression> otherwise = Optional.empty();
    for (var entry : context.mapEntry()) {
      switch (entry) {
        case BmrParser.OtherwiseContext rest ->
            otherwise = Optional.of(expressions.expression(rest.expression()));
        case BmrParser.EntryContext written ->
            entries.add(
                entry(written, selectors(written), written.elements(), written.expression()));
        case BmrParser.EntryEverywhereContext written ->
            entries.add(entry(written, List.of(), written.elements(), written.expression()));
        default -> throw new IllegalStateException("a map holds " + entry.getClass());
      }
    }
    return new Expression.WeightMap(entries, otherwise, words.span(context));
  }

  private List<Expression.Selector> selectors(BmrParser.EntryContext context) {
    List<Expression.Selector> selectors = new ArrayList<>();
    if (context.NOT() != null) {
      Span place = words.span(context.NOT().getSymbol());
      selectors.add(new Expression.Selector(Expression.MapEntry.NOT, Optional.empty(), place));
    }
    for (var selector : context.selector()) {
      selectors.add(selector(selector));
    }
    return selectors;
  }

  private Expression.MapEntry entry(
      ParserRuleContext context,
      List<Expression.Selector> selectors,
      BmrParser.@Nullable ElementsContext written,
      BmrParser.ExpressionContext weight) {
    List<String> elements = new ArrayList<>();
    if (written != null) {
      for (var element : written.element()) {
        String text = element.getText();
        elements.add(element.STRING() != null ? Words.unquoted(text) : text);
      }
    }
    boolean negated = written != null && written.NOT() != null;
    return new Expression.MapEntry(
        selectors, elements, negated, expressions.expression(weight), words.span(context));
  }

  /** {@code IN00-IN05} is one word for the lexer; no block has a hyphen, so it is a range. */
  private Expression.Selector selector(BmrParser.SelectorContext context) {
    Span place = words.span(context);
    String first = context.blockWord(0).getText();
    if (context.rangeSign() != null) {
      return new Expression.Selector(first, Optional.of(context.blockWord(1).getText()), place);
    }
    int hyphen = first.indexOf('-');
    if (hyphen > 0 && hyphen == first.lastIndexOf('-')) {
      return new Expression.Selector(
          first.substring(0, hyphen), Optional.of(first.substring(hyphen + 1)), place);
    }
    return new Expression.Selector(first, Optional.empty(), place);
  }
}
