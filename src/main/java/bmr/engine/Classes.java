package bmr.engine;

import bmr.engine.Plan.Operation;
import bmr.engine.Plan.PlanClass;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.model.Block;
import bmr.model.Part;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Groups tensors by their formulas. */
final class Classes {
  private final Workshop workshop;
  private final Map<Key, Group> groups = new LinkedHashMap<>();

  Classes(Workshop workshop) {
    this.workshop = workshop;
  }

  /**
   * What tensors of a class have in common. Formulas that contain calls are compared as objects:
   * they may be nested too deeply for anything else.
   */
  private record Key(Object formula, Operation operation) {}

  /** Compares the object only. */
  private record Same(TensorFormula formula) {
    @Override
    @SuppressWarnings("ReferenceEquality") // what this record is for
    public boolean equals(Object other) {
      return other instanceof Same same && same.formula == formula;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(formula);
    }
  }

  private static final class Group {
    final TensorFormula formula;
    final Set<Block> blocks = new TreeSet<>();
    final Set<Part> parts = EnumSet.noneOf(Part.class);
    int tensors;
    long elements;

    Group(TensorFormula formula) {
      this.formula = formula;
    }
  }

  /** The classes of a model, by the first tensor of each. */
  List<PlanClass> of(FoldedModel model, List<TensorInfo> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      add(model.tensors().get(i), outputs.get(i));
    }
    var classes = new ArrayList<PlanClass>();
    groups.forEach((key, group) ->
        classes.add(
            new PlanClass(
                List.copyOf(group.blocks),
                List.copyOf(group.parts),
                group.tensors,
                group.elements,
                key.operation(),
                group.formula)));
    return classes;
  }

  private void add(FoldedTensor tensor, TensorInfo output) {
    TensorFormula formula = tensor.formula();
    var key = new Key(flat(formula) ? formula : new Same(formula), operation(tensor, output));
    Group group = groups.computeIfAbsent(key, k -> new Group(formula));
    group.blocks.add(tensor.place().block());
    group.parts.add(tensor.place().part());
    group.tensors++;
    group.elements += output.elements();
  }

  private Operation operation(FoldedTensor tensor, TensorInfo output) {
    if (workshop.copiedSource(tensor, output.dtype()) >= 0) {
      return Operation.COPY;
    }
    boolean calls =
        Operands.inOrder(Operands.forms(tensor.formula()), Operands::forms).stream()
            .anyMatch(Operand.Application.class::isInstance);
    return calls ? Operation.METHOD : Operation.COMBINE;
  }

  private static boolean flat(TensorFormula formula) {
    for (LinearForm form : Operands.forms(formula)) {
      for (LinearForm.Term term : form.terms()) {
        if (!(term.operand() instanceof Operand.Source)) {
          return false;
        }
      }
    }
    return true;
  }
}
