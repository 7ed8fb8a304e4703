package bmr.engine;

import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.method.MergeMethod;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.util.List;

/** What a formula says, in plain loops over whole tensors in double precision. */
final class Oracle {
  private final List<MemoryCheckpoint> sources;

  Oracle(List<MemoryCheckpoint> sources) {
    this.sources = sources;
  }

  /** All values of a tensor. */
  double[] values(FoldedTensor tensor) {
    int n = (int) tensor.shape().elements();
    return switch (tensor.formula()) {
      case TensorFormula.Blend(LinearForm form) ->
          form(form, n, source -> sources.get(source).values(tensor.key()));
      case TensorFormula.Verbatim(int source) -> sources.get(source).values(tensor.key());
      case TensorFormula.PositionIds ids -> {
        var values = new double[77];
        for (int i = 0; i < 77; i++) {
          values[i] = i;
        }
        yield values;
      }
      case TensorFormula.Channels split -> channels(tensor, split);
    };
  }

  private double[] channels(FoldedTensor tensor, TensorFormula.Channels split) {
    Shape shape = tensor.shape();
    int outputs = (int) shape.dimension(0);
    int all = (int) shape.dimension(1);
    int inner = (int) (shape.elements() / outputs / all);
    var result = new double[(int) shape.elements()];
    for (boolean common : new boolean[] {true, false}) {
      int first = common ? 0 : split.channels();
      int count = common ? split.channels() : all - split.channels();
      LinearForm form = common ? split.common() : split.rest();
      double[] values =
          form(
              form,
              outputs * count * inner,
              source -> {
                double[] whole = sources.get(source).values(tensor.key());
                int held = whole.length / outputs / inner;
                var part = new double[outputs * count * inner];
                for (int o = 0; o < outputs; o++) {
                  for (int c = 0; c < count; c++) {
                    for (int i = 0; i < inner; i++) {
                      part[(o * count + c) * inner + i] = whole[(o * held + first + c) * inner + i];
                    }
                  }
                }
                return part;
              });
      for (int o = 0; o < outputs; o++) {
        for (int c = 0; c < count; c++) {
          for (int i = 0; i < inner; i++) {
            result[(o * all + first + c) * inner + i] = values[(o * count + c) * inner + i];
          }
        }
      }
    }
    return result;
  }

  /** Gives a source's values. */
  interface Values {
    double[] of(int source);
  }

  static double[] form(LinearForm form, int n, Values values) {
    var result = new double[n];
    for (LinearForm.Term term : form.terms()) {
      double[] operand = operand(term.operand(), n, values);
      for (int i = 0; i < n; i++) {
        result[i] += term.coefficient().doubleValue() * operand[i];
      }
    }
    return result;
  }

  private static double[] operand(Operand operand, int n, Values values) {
    return switch (operand) {
      case Operand.Source(int index) -> values.of(index);
      case Operand.Rounded(DType dtype, LinearForm form) ->
          MemoryCheckpoint.decode(dtype, MemoryCheckpoint.encode(dtype, form(form, n, values)));
      case Operand.Application application -> {
        var operands = new double[application.operands().size()][];
        for (int i = 0; i < operands.length; i++) {
          operands[i] = form(application.operands().get(i), n, values);
        }
        double[] parameters = {application.parameters().getFirst().doubleValue()};
        var result = new double[n];
        switch (TestMethods.named(application.method().name())) {
          case MergeMethod.Pointwise pointwise -> pointwise.apply(operands, parameters, n, result);
          case MergeMethod.AfterProducts after -> {
            var products = new double[operands.length][operands.length];
            for (int i = 0; i < operands.length; i++) {
              for (int j = 0; j < operands.length; j++) {
                for (int e = 0; e < n; e++) {
                  products[i][j] += operands[i][e] * operands[j][e];
                }
              }
            }
            double[] coefficients = after.coefficients(products, parameters);
            for (int i = 0; i < operands.length; i++) {
              for (int e = 0; e < n; e++) {
                result[e] += coefficients[i] * operands[i][e];
              }
            }
          }
        }
        yield result;
      }
    };
  }
}
