package bmr.engine;

import bmr.checkpoint.Checkpoint;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.method.MergeMethod;
import bmr.model.Architecture;
import bmr.model.Block;
import bmr.model.Part;
import bmr.model.Place;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Hand-made formulas and models. */
final class Build {
  static final Place BASE = new Place(Block.BASE, Part.UNET, true);

  private Build() {}

  static LinearForm.Term term(String coefficient, Operand operand) {
    return new LinearForm.Term(operand, new BigDecimal(coefficient));
  }

  static LinearForm.Term term(String coefficient, int source) {
    return term(coefficient, new Operand.Source(source));
  }

  static LinearForm form(LinearForm.Term... terms) {
    return new LinearForm(List.of(terms));
  }

  /** A source alone. */
  static LinearForm source(int index) {
    return form(term("1", index));
  }

  static Operand call(MergeMethod method, String parameter, LinearForm... operands) {
    return new Operand.Application(
        method.signature(), List.of(operands), List.of(new BigDecimal(parameter)));
  }

  static TensorFormula blend(LinearForm.Term... terms) {
    return new TensorFormula.Blend(form(terms));
  }

  static FoldedTensor tensor(String key, Shape shape, TensorFormula formula) {
    return new FoldedTensor(key, shape, DType.F16, BASE, 0, formula);
  }

  static FoldedModel model(List<? extends Checkpoint> sources, FoldedTensor... tensors) {
    return model(sources, Arrays.asList(tensors));
  }

  static FoldedModel model(List<? extends Checkpoint> sources, List<FoldedTensor> tensors) {
    return new FoldedModel(
        "Result",
        Architecture.SD1,
        sources.stream().map(Checkpoint::name).toList(),
        0,
        tensors,
        List.of());
  }

  static Workshop workshop(List<MemoryCheckpoint> sources, Tuning tuning) {
    return new Workshop(
        new ArrayList<Checkpoint>(sources), new NaiveKernel(), TestMethods::named, tuning);
  }

  /** Values as in real models: small and of both signs. */
  static double[] gaussian(Random random, long n, double deviation) {
    return random.doubles(n, 0, 1).map(x -> random.nextGaussian() * deviation).toArray();
  }
}
