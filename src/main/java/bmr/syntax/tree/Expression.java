package bmr.syntax.tree;

import bmr.source.Span;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A model, a difference or a weight as written; which of them, meaning decides. Sums and products
 * are flat lists, so a sum of 100,000 terms is not a tree of that depth.
 */
public sealed interface Expression {
  Span span();

  /** A word: a model, a parameter, a preset, a hyphenated word that may have to be split. */
  record Word(Name name) implements Expression {
    @Override
    public Span span() {
      return name.span();
    }
  }

  /** {@code OpenBra[1a2b3c4d5e]}. */
  record Pinned(Name name, String hash, Span span) implements Expression {}

  /** {@code hf:owner/repo/file}. */
  record HubFile(String reference, Span span) implements Expression {}

  /**
   * A number.
   *
   * @param value the value; of {@code 75%} it is 0.75
   * @param written as it stands in the text, percent sign included
   */
  record Number(BigDecimal value, String written, Span span) implements Expression {}

  /** {@code + A - B x 0.5}: at least one term; one term only with a sign. */
  record Sum(List<Term> terms, Span span) implements Expression {
    public Sum {
      terms = List.copyOf(terms);
    }
  }

  /** A signed operand of a sum. */
  record Term(boolean negative, Expression operand, Span span) {}

  /** {@code A x 0.5}, {@code 0.5·A}, {@code w / 2}: at least two factors. */
  record Product(List<Factor> factors, Span span) implements Expression {
    public Product {
      factors = List.copyOf(factors);
    }
  }

  /** An operand of a product; the first one is never divided by. */
  record Factor(boolean divided, Expression operand, Span span) {}

  /** {@code -w} inside a product. */
  record Negated(Expression operand, Span span) implements Expression {}

  /** {@code ( e )} around one expression. */
  record Bracket(Expression inner, Span span) implements Expression {}

  /**
   * {@code word ( ... )}: the call of a method, or a parameter with its list behind it ({@code
   * alpha (0.0, 0.1, ...)}).
   */
  record Call(Name name, List<Argument> arguments, Span span) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** An argument, named or positional. */
  record Argument(Optional<Name> name, Expression value, Span span) {}

  /** {@code (0.0, 0.95, ...)}: at least two values, or one with a trailing comma. */
  record Values(List<Expression> values, Span span) implements Expression {
    public Values {
      values = List.copyOf(values);
    }
  }

  /** {@code [A, B, C]}: a list of models. */
  record ModelList(List<Expression> models, Span span) implements Expression {
    public ModelList {
      models = List.copyOf(models);
    }
  }

  /** {@code {OUT06~OUT11: 0.15, M00: 0.3, else 0}}. */
  record WeightMap(List<MapEntry> entries, Optional<Expression> otherwise, Span span)
      implements Expression {
    public WeightMap {
      entries = List.copyOf(entries);
    }
  }

  /**
   * {@code OUT04 IN00-IN05 : NOT ff.net : 0.5}.
   *
   * @param selectors none means all blocks; behind a first one {@link #NOT} stand those left out
   * @param elements fragments of keys; empty means all
   */
  record MapEntry(
      List<Selector> selectors,
      List<String> elements,
      boolean negated,
      Expression weight,
      Span span) {
    /** In the place of a first selector: all blocks but those behind it. */
    public static final String NOT = "NOT";

    public MapEntry {
      selectors = List.copyOf(selectors);
      elements = List.copyOf(elements);
    }
  }

  /** A block, a sub-name or a range, as written ({@code last} present for a range). */
  record Selector(String first, Optional<String> last, Span span) {}

  /** {@code w with {...}}. */
  record With(Expression weight, WeightMap overrides, Span span) implements Expression {}

  /** {@code A + (B - C) @ 0.5}. */
  record At(Expression operand, Expression weight, Span span) implements Expression {}

  /** {@code A | B}: B where A lacks the tensor. */
  record Fallback(List<Expression> alternatives, Span span) implements Expression {
    public Fallback {
      alternatives = List.copyOf(alternatives);
    }
  }

  /** {@code ?name[0,1]~0.1}: a weight that {@code fit} looks for. */
  record Unknown(
      Optional<String> name,
      Optional<BigDecimal> low,
      Optional<BigDecimal> high,
      Optional<BigDecimal> start,
      Span span)
      implements Expression {}

  /** What could not be understood; its problem has been reported, so nothing more is said of it. */
  record Broken(Span span) implements Expression {}
}
