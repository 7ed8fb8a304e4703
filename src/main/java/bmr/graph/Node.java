package bmr.graph;

import bmr.model.Adjustment;
import bmr.model.Component;
import bmr.model.MethodSignature;
import bmr.model.Weight;
import bmr.tensor.DType;
import java.util.List;

/** A node of the graph of named models. Operands are ids of nodes that were made before. */
public sealed interface Node {
  /** A file, by its index in the recipe. */
  record Source(int index) implements Node {}

  /** A sum in the order written; brackets of the script are nodes of their own. */
  record Sum(List<Edge> edges) implements Node {
    public Sum {
      edges = List.copyOf(edges);
    }
  }

  /** A method call. */
  record Method(MethodSignature signature, List<Integer> operands, List<Weight> parameters)
      implements Node {
    public Method {
      operands = List.copyOf(operands);
      parameters = List.copyOf(parameters);
    }
  }

  /** The first of some models that holds the tensor. */
  record Fallback(List<Integer> alternatives) implements Node {
    public Fallback {
      alternatives = List.copyOf(alternatives);
    }
  }

  /** A model with some of its tensors scaled or shifted. */
  record Adjusted(Adjustment adjustment, int operand) implements Node {}

  /** A model that holds nothing but one of its components. */
  record Masked(Component component, int operand) implements Node {}

  /** A value rounded to a type: the border of a definition in stepwise precision. */
  record Round(DType dtype, int operand) implements Node {}

  /** A weighted operand of a sum. */
  record Edge(Weight weight, int node) {}
}
