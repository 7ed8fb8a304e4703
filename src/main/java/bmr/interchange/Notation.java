package bmr.interchange;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A published formula as a tree. */
sealed interface Notation {
  /** A model. */
  record Model(String name) implements Notation {}

  /** A number. */
  record Num(BigDecimal value) implements Notation {}

  /** {@code alpha} or {@code beta}. */
  record Symbol(String name) implements Notation {}

  /** Terms with their signs. */
  record Sum(List<Notation> terms, List<Boolean> minus) implements Notation {}

  /** Something times weights. */
  record Product(Notation first, Notation second) implements Notation {}

  /** Whether there is no model in it. */
  static boolean isWeight(Notation tree) {
    return switch (tree) {
      case Model _ -> false;
      case Num _, Symbol _ -> true;
      case Sum sum -> sum.terms().stream().allMatch(Notation::isWeight);
      case Product product -> isWeight(product.first()) && isWeight(product.second());
    };
  }

  /** Whether models are added to models and multiplied by weights only. */
  static boolean valid(Notation tree) {
    return switch (tree) {
      case Model _, Num _, Symbol _ -> true;
      case Sum sum ->
          sum.terms().stream().allMatch(Notation::valid)
              && sum.terms().stream().map(Notation::isWeight).distinct().count() == 1;
      case Product(Notation first, Notation second) ->
          valid(first) && valid(second) && (isWeight(first) || isWeight(second));
    };
  }

  /** The coefficient sum at a point. */
  static BigDecimal total(Notation tree, BigDecimal alpha, BigDecimal beta) {
    return switch (tree) {
      case Model _ -> BigDecimal.ONE;
      case Num(BigDecimal value) -> value;
      case Symbol(String name) -> value(name, alpha, beta);
      case Sum(List<Notation> terms, List<Boolean> minus) -> {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < terms.size(); i++) {
          BigDecimal term = total(terms.get(i), alpha, beta);
          sum = minus.get(i) ? sum.subtract(term) : sum.add(term);
        }
        yield sum;
      }
      case Product(Notation first, Notation second) ->
          total(first, alpha, beta).multiply(total(second, alpha, beta));
    };
  }

  /** Numbered symbols are different ones. */
  private static BigDecimal value(String symbol, BigDecimal alpha, BigDecimal beta) {
    int number = symbol.indexOf('_');
    BigDecimal value = symbol.startsWith("alpha") ? alpha : beta;
    return number < 0
        ? value
        : value.multiply(new BigDecimal(symbol.substring(number + 1)).add(BigDecimal.TWO));
  }

  /** Whether the coefficients add up to 1, whatever the weights are. */
  static boolean isModel(Notation tree) {
    return valid(tree) && !isWeight(tree) && near(tree, "0.3", "0.2") && near(tree, "0.7", "0.45");
  }

  private static boolean near(Notation tree, String alpha, String beta) {
    return total(tree, new BigDecimal(alpha), new BigDecimal(beta))
            .subtract(BigDecimal.ONE)
            .abs()
            .compareTo(new BigDecimal("1e-6"))
        < 0;
  }

  /** The models in it, in order. */
  static List<String> models(Notation tree) {
    List<String> models = new ArrayList<>();
    collect(tree, models);
    return models;
  }

  private static void collect(Notation tree, List<String> models) {
    switch (tree) {
      case Model(String name) -> models.add(name);
      case Num _, Symbol _ -> {}
      case Sum sum -> sum.terms().forEach(term -> collect(term, models));
      case Product(Notation first, Notation second) -> {
        collect(first, models);
        collect(second, models);
      }
    }
  }

  /** Whether a weight is a name. */
  static boolean uses(Notation tree, String symbol) {
    return switch (tree) {
      case Model _, Num _ -> false;
      case Symbol(String name) -> name.equals(symbol);
      case Sum sum -> sum.terms().stream().anyMatch(term -> uses(term, symbol));
      case Product(Notation first, Notation second) -> uses(first, symbol) || uses(second, symbol);
    };
  }

  /** The formula as a script writes it. */
  static String script(Notation tree) {
    return switch (tree) {
      case Model(String name) -> ScriptDraft.spelled(name);
      case Num(BigDecimal value) -> value.toPlainString();
      case Symbol(String name) -> name;
      case Sum(List<Notation> terms, List<Boolean> minus) -> {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < terms.size(); i++) {
          text.append(i == 0 ? (minus.get(i) ? "-" : "") : minus.get(i) ? " - " : " + ");
          text.append(grouped(terms.get(i)));
        }
        yield text.toString();
      }
      case Product(Notation first, Notation second) ->
          isWeight(first)
              ? grouped(second) + " x " + grouped(first)
              : grouped(first) + " x " + grouped(second);
    };
  }

  private static String grouped(Notation tree) {
    boolean negative = tree instanceof Num(BigDecimal value) && value.signum() < 0;
    return tree instanceof Sum || negative ? "(" + script(tree) + ")" : script(tree);
  }
}
