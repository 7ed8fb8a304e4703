package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Walks over formulas, iterative because calls may be nested deeply. */
final class Operands {
  private Operands() {}

  /** A tensor that a formula reads, which the folder has made sure is there. */
  static StoredTensor stored(List<Checkpoint> sources, int source, String key) {
    StoredTensor stored = sources.get(source).stored().get(key);
    if (stored == null) {
      throw new IllegalStateException(
          "source " + sources.get(source).name() + " does not hold " + key);
    }
    return stored;
  }

  /** The forms that a formula consists of. */
  static List<LinearForm> forms(TensorFormula formula) {
    return switch (formula) {
      case TensorFormula.Blend blend -> List.of(blend.form());
      case TensorFormula.Channels split -> List.of(split.common(), split.rest());
      case TensorFormula.Verbatim verbatim -> List.of();
      case TensorFormula.PositionIds ids -> List.of();
    };
  }

  /** The forms directly below an operand. */
  static List<LinearForm> forms(Operand operand) {
    return switch (operand) {
      case Operand.Source source -> List.of();
      case Operand.Application application -> application.operands();
      case Operand.Rounded rounded -> List.of(rounded.value());
    };
  }

  /**
   * The operands below some forms that are no sources, each object once and behind all that it
   * depends on.
   *
   * @param below the forms that an operand depends on
   */
  static List<Operand> inOrder(List<LinearForm> roots, Function<Operand, List<LinearForm>> below) {
    Set<Operand> entered = Collections.newSetFromMap(new IdentityHashMap<>());
    var order = new ArrayList<Operand>();
    var open = new ArrayDeque<Runnable>();
    push(roots, entered, order, open, below);
    while (!open.isEmpty()) {
      open.pop().run();
    }
    return order;
  }

  private static void push(
      List<LinearForm> forms,
      Set<Operand> entered,
      List<Operand> order,
      ArrayDeque<Runnable> open,
      Function<Operand, List<LinearForm>> below) {
    for (LinearForm form : forms.reversed()) {
      for (LinearForm.Term term : form.terms().reversed()) {
        Operand operand = term.operand();
        if (operand instanceof Operand.Source || entered.contains(operand)) {
          continue;
        }
        open.push(() -> {
          if (entered.add(operand)) {
            open.push(() -> order.add(operand));
            push(below.apply(operand), entered, order, open, below);
          }
        });
      }
    }
  }

  /** Indices of the sources below some forms, ascending. */
  static Set<Integer> sources(List<LinearForm> forms) {
    var indices = new TreeSet<Integer>();
    addSources(forms, indices);
    for (Operand operand : inOrder(forms, Operands::forms)) {
      addSources(forms(operand), indices);
    }
    return indices;
  }

  private static void addSources(List<LinearForm> forms, Set<Integer> indices) {
    for (LinearForm form : forms) {
      for (LinearForm.Term term : form.terms()) {
        if (term.operand() instanceof Operand.Source(int index)) {
          indices.add(index);
        }
      }
    }
  }

  /** Indices of all sources that a formula reads, ascending. */
  static Set<Integer> sources(TensorFormula formula) {
    return formula instanceof TensorFormula.Verbatim(int source)
        ? Set.of(source)
        : sources(forms(formula));
  }
}
