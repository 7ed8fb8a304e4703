package bmr.recipe;

import bmr.recipe.Recipe.Formula;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which definitions use which others. Iterative: chains are as long as scripts allow. */
final class Usage {
  private final List<List<Integer>> uses = new ArrayList<>();

  Usage(List<? extends @Nullable Formula> formulas) {
    for (Formula formula : formulas) {
      List<Integer> models = new ArrayList<>();
      if (formula != null) {
        collect(formula, models);
      }
      uses.add(List.copyOf(models));
    }
  }

  private static void collect(Formula formula, List<Integer> models) {
    switch (formula) {
      case Formula.OfModel model -> models.add(model.model());
      case Formula.OfSource source -> {}
      case Formula.Sum sum -> sum.terms().forEach(term -> collect(term.operand(), models));
      case Formula.Fallback fallback -> fallback.alternatives().forEach(a -> collect(a, models));
      case Formula.Adjusted adjusted -> collect(adjusted.operand(), models);
      case Formula.OfComponent part -> collect(part.operand(), models);
      case Formula.Call call -> call.operands().forEach(operand -> collect(operand, models));
    }
  }

  /** The definitions that a definition's formula names. */
  List<Integer> of(int model) {
    return uses.get(model);
  }

  /** Everything that the roots need, themselves included. */
  BitSet reachable(Iterable<Integer> roots) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    roots.forEach(open::push);
    while (!open.isEmpty()) {
      int model = open.pop();
      if (!seen.get(model)) {
        seen.set(model);
        uses.get(model).forEach(open::push);
      }
    }
    return seen;
  }

  /** One cycle for each group of definitions that need each other. */
  List<List<Integer>> cycles() {
    List<List<Integer>> cycles = new ArrayList<>();
    byte[] state = new byte[uses.size()]; // 0 not seen, 1 on the path, 2 done
    for (int root = 0; root < uses.size(); root++) {
      if (state[root] == 0) {
        walk(root, state, cycles);
      }
    }
    return cycles;
  }

  private record Step(int model, Iterator<Integer> rest) {}

  private void walk(int root, byte[] state, List<List<Integer>> cycles) {
    List<Step> path = new ArrayList<>();
    path.add(new Step(root, uses.get(root).iterator()));
    state[root] = 1;
    while (!path.isEmpty()) {
      Step last = path.getLast();
      if (!last.rest().hasNext()) {
        state[last.model()] = 2;
        path.removeLast();
        continue;
      }
      int next = last.rest().next();
      if (state[next] == 0) {
        state[next] = 1;
        path.add(new Step(next, uses.get(next).iterator()));
      } else if (state[next] == 1) {
        List<Integer> cycle = path.stream().map(Step::model).toList();
        cycles.add(cycle.subList(cycle.indexOf(next), cycle.size()));
      }
    }
  }
}
