package bmr.interchange.export;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ExportProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.model.Weight;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Writes definitions as sums. A definition whose weights add up to 1 everywhere stays a model of
 * its own; any other, such as a difference, is put in where it is used.
 */
final class Reduction {
  private final Recipe recipe;
  private final List<Cell> cells;
  private final Set<String> pieces;
  private final String target;
  private final Map<Integer, Combination> done = new HashMap<>();

  /** What each definition stands for where it is used. */
  private final Map<Integer, SequencedMap<Operand, Shares>> uses = new HashMap<>();

  /**
   * @param pieces of keys that the cells tell apart
   */
  Reduction(Recipe recipe, List<Cell> cells, Set<String> pieces, String target) {
    this.recipe = recipe;
    this.cells = cells;
    this.pieces = pieces;
    this.target = target;
  }

  /**
   * The definitions that a model needs, each after those it needs itself, the model last.
   *
   * @throws ProblemException if something in them is no sum, or the model is none
   */
  List<Combination> of(int model) {
    for (int next : order(model)) {
      reduce(next);
    }
    Combination wanted = combination(model);
    BigDecimal wrong =
        sum(wanted).values().stream()
            .filter(value -> !Shares.isOne(value))
            .findFirst()
            .orElse(BigDecimal.ONE);
    if (!Shares.isOne(wrong)) {
      String where = cells.get(sum(wanted).values().indexOf(wrong)).label();
      throw problem(
          model, new ExportProblem.SumNotExported(wanted.name(), Shares.text(wrong), where));
    }
    Map<String, Combination> named = new HashMap<>();
    done.values().forEach(combination -> named.put(combination.name(), combination));
    Set<String> needed = new HashSet<>();
    Deque<Combination> open = new ArrayDeque<>(List.of(wanted));
    while (!open.isEmpty()) {
      Combination next = open.pop();
      if (needed.add(next.name())) {
        next.terms().keySet().stream()
            .filter(Operand::made)
            .forEach(operand -> open.push(combination(named, operand)));
      }
    }
    return order(model).stream()
        .map(this::combination)
        .filter(combination -> needed.contains(combination.name()))
        .toList();
  }

  private static Combination combination(Map<String, Combination> named, Operand operand) {
    Combination combination = named.get(operand.name());
    if (combination == null) {
      throw new IllegalStateException(operand.name() + " is not reduced");
    }
    return combination;
  }

  private Combination combination(int model) {
    Combination combination = done.get(model);
    if (combination == null) {
      throw new IllegalStateException("definition " + model + " is not reduced");
    }
    return combination;
  }

  /** A model put together from files alone. */
  static SequencedMap<Operand, Shares> folded(List<Combination> combinations) {
    Map<String, SequencedMap<Operand, Shares>> folded = new HashMap<>();
    SequencedMap<Operand, Shares> last = new LinkedHashMap<>();
    for (Combination combination : combinations) {
      SequencedMap<Operand, Shares> terms = new LinkedHashMap<>();
      combination
          .terms()
          .forEach((operand, share) -> {
            SequencedMap<Operand, Shares> inner = folded.get(operand.name());
            if (operand.made() && inner != null) {
              inner.forEach((file, part) -> terms.merge(file, share.times(part), Shares::plus));
            } else {
              terms.merge(operand, share, Shares::plus);
            }
          });
      terms.values().removeIf(Shares::isZero);
      folded.put(combination.name(), terms);
      last = terms;
    }
    return last;
  }

  private void reduce(int model) {
    SequencedMap<Operand, Shares> terms = new LinkedHashMap<>();
    Shares one = Shares.all(cells.size(), BigDecimal.ONE);
    expand(model, recipe.models().get(model).formula(), one, terms);
    terms.values().removeIf(Shares::isZero);
    var combination = new Combination(recipe.models().get(model).name(), terms);
    done.put(model, combination);
    boolean alias = terms.size() == 1;
    boolean kept = !alias && sum(combination).isOne();
    SequencedMap<Operand, Shares> itself = new LinkedHashMap<>();
    itself.put(Operand.made(combination.name()), one);
    uses.put(model, kept ? itself : terms);
  }

  private Shares sum(Combination combination) {
    return combination.terms().values().stream()
        .reduce(Shares.all(cells.size(), BigDecimal.ZERO), Shares::plus);
  }

  private void expand(
      int model, Formula formula, Shares factor, SequencedMap<Operand, Shares> terms) {
    switch (formula) {
      case Formula.OfSource source -> {
        String name = recipe.sources().get(source.source()).name();
        terms.merge(new Operand(name, false, source.source()), factor, Shares::plus);
      }
      case Formula.OfModel other ->
          uses.getOrDefault(other.model(), new LinkedHashMap<>())
              .forEach((operand, share) -> terms.merge(operand, factor.times(share), Shares::plus));
      case Formula.Sum sum -> {
        for (Recipe.Term term : sum.terms()) {
          expand(model, term.operand(), factor.times(shares(model, term.weight())), terms);
        }
      }
      case Formula.Call call -> throw method(model, call.method().name());
      case Formula.Fallback fallback -> throw method(model, "|");
      case Formula.Adjusted adjusted -> throw method(model, "adjust");
      case Formula.OfComponent part -> throw method(model, part.component().word());
    }
  }

  private Shares shares(int model, Weight weight) {
    if (!pieces.containsAll(weight.elements())) {
      throw problem(
          model,
          new ExportProblem.ElementsNotExported(
              recipe.models().get(model).name(), target, "it has no weights within blocks"));
    }
    return Shares.of(weight, cells);
  }

  private ProblemException method(int model, String method) {
    return problem(
        model,
        new ExportProblem.MethodNotExported(recipe.models().get(model).name(), method, target));
  }

  private ProblemException problem(int model, Problem problem) {
    return new ProblemException(
        List.of(Diagnostic.at(recipe.models().get(model).place(), problem)));
  }

  /** The pieces of keys that the weights below a model ask for. */
  static SequencedSet<String> pieces(Recipe recipe, int model) {
    SequencedSet<String> pieces = new LinkedHashSet<>();
    Set<Integer> entered = new HashSet<>();
    Deque<Formula> open = new ArrayDeque<>(List.of(recipe.models().get(model).formula()));
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case Formula.OfModel other -> {
          if (entered.add(other.model())) {
            open.push(recipe.models().get(other.model()).formula());
          }
        }
        case Formula.Sum sum ->
            sum.terms()
                .forEach(term -> {
                  term.weight().elements().stream().sorted().forEach(pieces::add);
                  open.push(term.operand());
                });
        case Formula.OfSource _,
            Formula.Call _,
            Formula.Fallback _,
            Formula.Adjusted _,
            Formula.OfComponent _ -> {}
      }
    }
    return pieces;
  }

  /** Definitions below a model, each after those it uses. */
  private List<Integer> order(int model) {
    Set<Integer> order = new LinkedHashSet<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(model));
    Set<Integer> entered = new HashSet<>();
    while (!open.isEmpty()) {
      int next = open.peek();
      if (!entered.add(next)) {
        open.pop();
        order.add(next);
        continue;
      }
      List<Integer> used = new ArrayList<>();
      models(recipe.models().get(next).formula(), used);
      used.reversed().stream().filter(other -> !entered.contains(other)).forEach(open::push);
    }
    return List.copyOf(order);
  }

  private static void models(Formula formula, List<Integer> models) {
    switch (formula) {
      case Formula.OfSource source -> {}
      case Formula.OfModel model -> models.add(model.model());
      case Formula.Sum sum -> sum.terms().forEach(term -> models(term.operand(), models));
      case Formula.Call call -> call.operands().forEach(operand -> models(operand, models));
      case Formula.Fallback fallback -> fallback.alternatives().forEach(one -> models(one, models));
      case Formula.Adjusted adjusted -> models(adjusted.operand(), models);
      case Formula.OfComponent part -> models(part.operand(), models);
    }
  }
}
