package bmr.interchange.export;

import bmr.interchange.export.Step.Mode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Cuts sums into merges of two or three models, without a division: as the coefficients add up to
 * 1, a sum is {@code A + c1 (M1 - A) + c2 (M2 - A) + ...}.
 */
final class Stepping {
  private final boolean triple;
  private final Set<String> taken = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();

  private Stepping(boolean triple) {
    this.triple = triple;
  }

  /**
   * The steps of some definitions, in order.
   *
   * @param triple whether the target has a triple sum
   * @param names that temporary models must not have
   */
  static List<Step> of(List<Combination> combinations, boolean triple, Set<String> names) {
    var stepping = new Stepping(triple);
    stepping.taken.addAll(names);
    combinations.forEach(stepping::add);
    return List.copyOf(stepping.steps);
  }

  /** Something to add: {@code (plus - minus) x share}. */
  private record Difference(Operand plus, Operand minus, Shares share) {}

  private void add(Combination combination) {
    SequencedMap<Operand, Shares> terms = new LinkedHashMap<>(combination.terms());
    List<Difference> differences = pairs(terms);
    List<Map.Entry<Operand, Shares>> rest = new ArrayList<>(terms.entrySet());
    Operand first = rest.getFirst().getKey();
    List<Map.Entry<Operand, Shares>> others = rest.subList(1, rest.size());
    if (triple && others.size() == 2 && differences.isEmpty() && isPlain(others.get(1))) {
      steps.add(
          new Step(
              Mode.TRIPLE_SUM,
              first,
              others.get(0).getKey(),
              Optional.of(others.get(1).getKey()),
              others.get(0).getValue(),
              Optional.of(others.get(1).getValue()),
              combination.name()));
      return;
    }
    boolean whole = rest.getFirst().getValue().isOne();
    Operand base =
        whole
            ? others.stream()
                .filter(term -> term.getValue().sign() < 0)
                .findFirst()
                .map(Map.Entry::getKey)
                .orElse(first)
            : first;
    List<Difference> all = new ArrayList<>();
    for (Map.Entry<Operand, Shares> term : others) {
      if (!term.getKey().equals(base)) {
        all.add(new Difference(term.getKey(), base, term.getValue()));
      }
    }
    all.addAll(differences);
    if (all.isEmpty()) {
      Shares nothing = Shares.all(rest.getFirst().getValue().values().size(), BigDecimal.ZERO);
      steps.add(
          new Step(
              Mode.COPY,
              first,
              first,
              Optional.empty(),
              nothing,
              Optional.empty(),
              combination.name()));
      return;
    }
    Operand running = first;
    for (int i = 0; i < all.size(); i++) {
      boolean last = i == all.size() - 1;
      String name = last ? combination.name() : temporary(combination.name(), i + 1);
      steps.add(step(running, all.get(i), name));
      running = Operand.made(name);
    }
  }

  private static Step step(Operand running, Difference difference, String name) {
    if (difference.minus().equals(running)) {
      return new Step(
          Mode.WEIGHT_SUM,
          running,
          difference.plus(),
          Optional.empty(),
          difference.share(),
          Optional.empty(),
          name);
    }
    return new Step(
        Mode.ADD_DIFFERENCE,
        running,
        difference.plus(),
        Optional.of(difference.minus()),
        difference.share(),
        Optional.empty(),
        name);
  }

  /** Beta has no overrides for parts of blocks. */
  private static boolean isPlain(Map.Entry<Operand, Shares> term) {
    return term.getValue().isConstant();
  }

  /** Takes out the terms that cancel two by two. */
  private static List<Difference> pairs(SequencedMap<Operand, Shares> terms) {
    List<Difference> pairs = new ArrayList<>();
    List<Operand> operands = List.copyOf(terms.keySet());
    for (int i = 0; i < operands.size(); i++) {
      for (int j = i + 1; j < operands.size(); j++) {
        Shares left = terms.get(operands.get(i));
        Shares right = terms.get(operands.get(j));
        if (left == null || right == null || !left.negative().equals(right)) {
          continue;
        }
        boolean positive = left.sign() > 0;
        pairs.add(
            new Difference(
                operands.get(positive ? i : j),
                operands.get(positive ? j : i),
                positive ? left : right));
        terms.remove(operands.get(i));
        terms.remove(operands.get(j));
        break;
      }
    }
    return pairs;
  }

  private String temporary(String name, int number) {
    String free = name + "_step" + number;
    while (!taken.add(free)) {
      free += "_";
    }
    return free;
  }
}
