package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.Checkpoint.StoredTensor;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.MergeProblem;
import bmr.diagnostic.Problem;
import bmr.diagnostic.ProblemException;
import bmr.engine.Plan.SourceUse;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.model.Component;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.List;

/** Makes plans. */
public final class Planner {
  private Planner() {}

  /**
   * Plans the making of a model.
   *
   * @param sources by the model's source indices
   * @throws bmr.diagnostic.ProblemException with a MergeProblem or RunProblem where it cannot be
   */
  public static Plan plan(
      FoldedModel model, List<Checkpoint> sources, OutputType type, Limits limits) {
    return plan(model, type, limits, Workshop.over(sources));
  }

  static Plan plan(FoldedModel model, OutputType type, Limits limits, Workshop workshop) {
    List<Checkpoint> sources = workshop.sources();
    refuseMisfits(model, sources);
    var outputs = new ArrayList<TensorInfo>();
    for (FoldedTensor tensor : model.tensors()) {
      outputs.add(new TensorInfo(tensor.key(), dtype(tensor, type, sources), tensor.shape()));
    }
    List<SourceUse> uses = uses(model, sources);
    Budget budget = budget(model, outputs, limits, workshop);
    return new Plan(
        model,
        outputs,
        new Classes(workshop).of(model, outputs),
        uses,
        uses.stream().mapToLong(SourceUse::readBytes).sum(),
        outputs.stream().mapToLong(TensorInfo::bytes).sum(),
        budget.total(),
        limits);
  }

  private static DType dtype(FoldedTensor tensor, OutputType type, List<Checkpoint> sources) {
    return switch (tensor.formula()) {
      case TensorFormula.Verbatim(int source) ->
          Operands.stored(sources, source, tensor.key()).info().dtype();
      case TensorFormula.PositionIds ids -> DType.I64;
      case TensorFormula.Blend blend -> blended(tensor, type);
      case TensorFormula.Channels channels -> blended(tensor, type);
    };
  }

  private static DType blended(FoldedTensor tensor, OutputType type) {
    DType dtype = type.of(Component.of(tensor.place().part(), tensor.key()), tensor.sourceDType());
    if (!dtype.isFloat()) {
      throw new IllegalArgumentException("values cannot be written as " + dtype);
    }
    return dtype;
  }

  private static void refuseMisfits(FoldedModel model, List<Checkpoint> sources) {
    var problems = new ArrayList<Diagnostic>();
    for (FoldedTensor tensor : model.tensors()) {
      misfits(tensor.key(), tensor.shape(), tensor.formula(), sources).stream()
          .map(Diagnostic::of)
          .forEach(problems::add);
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
  }

  /** What is wrong with the sources of a formula: shapes, and types that have no arithmetic. */
  static List<Problem> misfits(
      String key, Shape shape, TensorFormula formula, List<Checkpoint> sources) {
    var problems = new ArrayList<Problem>();
    for (int source : Operands.sources(formula)) {
      TensorInfo info = Operands.stored(sources, source, key).info();
      String name = sources.get(source).name();
      if (!fits(shape, formula, source, info.shape())) {
        problems.add(
            new MergeProblem.ShapeMismatch(key, name, info.shape().toString(), shape.toString()));
      } else if (!(formula instanceof TensorFormula.Verbatim) && !info.dtype().isFloat()) {
        problems.add(new MergeProblem.TypeNotComputable(key, name, info.dtype().tag()));
      }
    }
    return problems;
  }

  private static boolean fits(Shape shape, TensorFormula formula, int source, Shape held) {
    return switch (formula) {
      case TensorFormula.Channels split -> channelsFit(shape, split, source, held);
      case TensorFormula.Blend blend -> shape.sameButForTrailingOnes(held);
      case TensorFormula.Verbatim verbatim -> shape.sameButForTrailingOnes(held);
      case TensorFormula.PositionIds ids -> true;
    };
  }

  /** A wide source has the tensor's shape; one of the common channels alone may have fewer. */
  private static boolean channelsFit(
      Shape shape, TensorFormula.Channels split, int source, Shape held) {
    if (shape.rank() < 2 || held.rank() != shape.rank() || split.channels() < 1) {
      return false;
    }
    for (int i = 0; i < shape.rank(); i++) {
      if (i != 1 && held.dimension(i) != shape.dimension(i)) {
        return false;
      }
    }
    boolean wide = Operands.sources(List.of(split.rest())).contains(source);
    return wide
        ? held.dimension(1) == shape.dimension(1)
        : held.dimension(1) >= split.channels() && shape.dimension(1) >= split.channels();
  }

  private static List<SourceUse> uses(FoldedModel model, List<Checkpoint> sources) {
    var read = new long[sources.size()];
    for (FoldedTensor tensor : model.tensors()) {
      for (int source : Operands.sources(tensor.formula())) {
        read[source] += Operands.stored(sources, source, tensor.key()).info().bytes();
      }
    }
    var uses = new ArrayList<SourceUse>();
    for (int i = 0; i < sources.size(); i++) {
      uses.add(new SourceUse(model.sources().get(i), sources.get(i).size(), read[i]));
    }
    return uses;
  }

  /** Bytes that a tensor's formula reads. */
  static long readBytes(FoldedTensor tensor, List<Checkpoint> sources) {
    long bytes = 0;
    for (int source : Operands.sources(tensor.formula())) {
      StoredTensor stored = Operands.stored(sources, source, tensor.key());
      bytes += stored.info().bytes();
    }
    return bytes;
  }

  /**
   * How the limits' memory is divided.
   *
   * @throws ProblemException with a RunProblem where it is too little
   */
  static Budget budget(
      FoldedModel model, List<TensorInfo> outputs, Limits limits, Workshop workshop) {
    Budget.Need need = Budget.Need.LEAST;
    for (int i = 0; i < outputs.size(); i++) {
      FoldedTensor tensor = model.tensors().get(i);
      need = need.max(workshop.rehearse(tensor, outputs.get(i)).need());
      for (AfterProducts.Call call : AfterProducts.calls(tensor, workshop)) {
        need = need.max(AfterProducts.need(call, workshop));
      }
    }
    return Budget.of(limits, need, workshop.tuning());
  }
}
