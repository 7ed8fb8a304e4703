package bmr.graph;

import bmr.model.MethodSignature;
import bmr.tensor.DType;
import java.math.BigDecimal;
import java.util.List;

/** What a folded formula cannot take apart. */
public sealed interface Operand {
  /** The tensor of a source, by the source's index in the recipe. */
  record Source(int index) implements Operand {}

  /** A method applied to folded operands; parameters in the order of the signature. */
  record Application(MethodSignature method, List<LinearForm> operands, List<BigDecimal> parameters)
      implements Operand {
    public Application {
      operands = List.copyOf(operands);
      parameters = List.copyOf(parameters);
    }
  }

  /** A value rounded to a type, for stepwise precision. */
  record Rounded(DType dtype, LinearForm value) implements Operand {}
}
