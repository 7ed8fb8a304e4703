package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.Operand.Application;
import bmr.graph.TensorFormula;
import bmr.kernel.Kernel;
import bmr.method.MergeMethod;
import bmr.method.Methods;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What turns formulas into work: the open sources, the arithmetic, the methods, and sizes.
 *
 * @param methods the method of a name that the recipe has checked
 */
record Workshop(
    List<Checkpoint> sources, Kernel kernel, Function<String, MergeMethod> methods, Tuning tuning) {
  Workshop {
    sources = List.copyOf(sources);
  }

  /** The real arithmetic and methods. */
  static Workshop over(List<Checkpoint> sources) {
    return new Workshop(sources, Kernel.best(), Workshop::registered, Tuning.STANDARD);
  }

  static MergeMethod registered(String name) {
    return Methods.named(name)
        .orElseThrow(() -> new IllegalStateException("no method is called " + name));
  }

  /**
   * Makes the work for a tensor.
   *
   * @param coefficients per region, what {@link AfterProducts} found
   */
  TensorWork work(
      FoldedTensor tensor,
      TensorInfo output,
      List<IdentityHashMap<Application, double[]>> coefficients) {
    return work(
        tensor,
        output,
        region -> application -> Objects.requireNonNull(coefficients.get(region).get(application)));
  }

  /** Work with made-up coefficients: as much memory as the real one takes at most. */
  TensorWork rehearse(FoldedTensor tensor, TensorInfo output) {
    return work(tensor, output, region -> Workshop::unknown);
  }

  /** Stands for coefficients that are not known yet: every operand counts. */
  static double[] unknown(Application application) {
    var coefficients = new double[application.operands().size()];
    Arrays.fill(coefficients, 0.5);
    return coefficients;
  }

  private TensorWork work(
      FoldedTensor tensor,
      TensorInfo output,
      Function<Integer, Function<Application, double[]>> coefficients) {
    TensorFormula formula = tensor.formula();
    int copied = copiedSource(tensor, output.dtype());
    if (copied >= 0) {
      StoredTensor stored = Operands.stored(sources, copied, tensor.key());
      return new TensorWork.Copy(output.dtype(), copied, stored.position(), stored.info().bytes());
    }
    if (formula instanceof TensorFormula.PositionIds) {
      return new TensorWork.Count(output.elements());
    }
    Shape shape = tensor.shape();
    if (shape.elements() == 0) {
      return new TensorWork.Compute(output.dtype(), List.of(), 0, 1);
    }
    var parts = new ArrayList<TensorWork.Part>();
    long rows = 0;
    long rowElements = 0;
    for (Region region : Region.of(tensor.key(), shape, List.of(formula))) {
      View view = region.view(region.whole() ? 1 : shape.dimension(1));
      BlockProgram program =
          Compiler.compile(
              region,
              List.of(region.form(formula)),
              sources,
              methods,
              coefficients.apply(parts.size()));
      parts.add(new TensorWork.Part(region, view, program));
      rows = region.rows();
      rowElements += region.rowElements();
    }
    return new TensorWork.Compute(output.dtype(), parts, rows, rowElements);
  }

  /** The source whose bytes are the tensor, or -1. */
  int copiedSource(FoldedTensor tensor, DType output) {
    if (tensor.formula() instanceof TensorFormula.Verbatim(int source)) {
      return source;
    }
    if (tensor.formula() instanceof TensorFormula.Blend(LinearForm form)
        && form.isCopy()
        && form.terms().getFirst().operand() instanceof Operand.Source(int index)
        && Operands.stored(sources, index, tensor.key()).info().dtype() == output) {
      return index;
    }
    return -1;
  }
}
