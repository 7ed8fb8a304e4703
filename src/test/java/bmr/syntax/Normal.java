package bmr.syntax;

import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.Bracket;
import bmr.syntax.tree.Expression.Call;
import bmr.syntax.tree.Expression.Product;
import bmr.syntax.tree.Expression.Sum;
import bmr.syntax.tree.Expression.Values;
import bmr.syntax.tree.Expression.Word;
import bmr.syntax.tree.Statement.Clause;
import bmr.syntax.tree.Statement.Definition;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The two formulas that web UIs print, recognised in a tree; anything else as a tree. */
final class Normal {
  private Normal() {}

  static String of(Definition definition) {
    return of(definition.value(), definition.clauses())
        .orElseGet(() -> TreePrinter.print(List.of(definition)));
  }

  private static Optional<String> of(Expression value, List<Clause> clauses) {
    if (value instanceof Sum sum && sum.terms().size() == 2) {
      Expression first = sum.terms().getFirst().operand();
      if (sum.terms().getLast().operand() instanceof Product last) {
        String weight = weight(last, clauses);
        Expression operand = last.factors().getFirst().operand();
        if (first instanceof Word a && operand instanceof Bracket b && b.inner() instanceof Sum d) {
          return Optional.of(
              "add difference %s, %s - %s by %s"
                  .formatted(word(a), word(term(d, 0)), word(term(d, 1)), weight));
        }
        if (first instanceof Product p && isRest(p.factors().getLast().operand(), weight)) {
          return Optional.of(
              "weight sum %s, %s by %s"
                  .formatted(operand(p.factors().getFirst().operand()), operand(operand), weight));
        }
      }
    }
    return Optional.empty();
  }

  private static Expression term(Sum sum, int index) {
    return sum.terms().get(index).operand();
  }

  private static String word(Expression expression) {
    return expression instanceof Word word ? word.name().text() : "?";
  }

  private static String operand(Expression expression) {
    return switch (expression) {
      case Word word -> word.name().text();
      case Bracket bracket -> "(" + of(bracket.inner(), List.of()).orElse("?") + ")";
      default -> TreePrinter.print(expression);
    };
  }

  /** {@code (1-alpha)}, or the number that is missing to 1. */
  private static boolean isRest(Expression expression, String weight) {
    return switch (expression) {
      case Bracket b when b.inner() instanceof Word w -> w.name().text().equals("1-alpha");
      case Expression.Number n -> number(BigDecimal.ONE.subtract(n.value())).equals(weight);
      default -> false;
    };
  }

  private static String weight(Product product, List<Clause> clauses) {
    return switch (product.factors().getLast().operand()) {
      case Expression.Number n -> number(n.value());
      case Call call -> call.arguments().stream().map(a -> value(a.value())).toList().toString();
      case Word _
          when clauses.size() == 1 && clauses.getFirst().weight() instanceof Values values ->
          values.values().stream().map(Normal::value).toList().toString();
      default -> "?";
    };
  }

  private static String value(Expression expression) {
    return expression instanceof Expression.Number n ? number(n.value()) : "?";
  }

  static String number(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
