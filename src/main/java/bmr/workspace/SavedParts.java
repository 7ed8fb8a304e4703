package bmr.workspace;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.PartProblem;
import bmr.diagnostic.ProblemException;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.FoldedModel.Kind;
import bmr.graph.FoldedModel.SpecialCase;
import bmr.model.Part;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Recipe.VaeChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** What a {@code save} line does to a model: another VAE, none, or the U-Net alone. */
final class SavedParts {
  private SavedParts() {}

  static FoldedModel apply(Workspace workspace, FoldedModel model, SaveRequest save) {
    FoldedModel result =
        switch (save.vae()) {
          case VaeChoice.FromFormula formula -> model;
          case VaeChoice.None none -> without(model, tensor -> tensor.place().part() == Part.VAE);
          case VaeChoice.FromSource(int source) ->
              withVae(model, workspace.foldSource(source), save);
          case VaeChoice.FromModel(int other) -> withVae(model, workspace.foldModel(other), save);
        };
    return save.unetOnly() ? without(result, tensor -> !tensor.place().part().isUnet()) : result;
  }

  private static FoldedModel withVae(FoldedModel model, FoldedModel vae, SaveRequest save) {
    if (vae.tensors().stream().noneMatch(tensor -> tensor.place().part() == Part.VAE)) {
      throw new ProblemException(
          List.of(Diagnostic.at(save.place(), new PartProblem.NoVaeThere(vae.name()))));
    }
    List<FoldedTensor> tensors = new ArrayList<>();
    model.tensors().stream()
        .filter(tensor -> tensor.place().part() != Part.VAE)
        .forEach(tensors::add);
    vae.tensors().stream()
        .filter(tensor -> tensor.place().part() == Part.VAE)
        .forEach(tensors::add);
    tensors.sort(Comparator.comparing(tensor -> tensor.place().block()));
    List<SpecialCase> cases = new ArrayList<>();
    model.cases().stream().filter(one -> one.part() != Part.VAE).forEach(cases::add);
    vae.cases().stream().filter(one -> one.part() == Part.VAE).forEach(cases::add);
    return new FoldedModel(
        model.name(), model.architecture(), model.sources(), model.primary(), tensors, cases);
  }

  private static FoldedModel without(FoldedModel model, Predicate<FoldedTensor> left) {
    List<SpecialCase> cases = new ArrayList<>(model.cases());
    for (Part part : Part.values()) {
      int count =
          (int)
              model.tensors().stream()
                  .filter(tensor -> tensor.place().part() == part && left.test(tensor))
                  .count();
      if (count > 0) {
        cases.add(new SpecialCase(Kind.PART_LEFT_OUT, part, count, List.of()));
      }
    }
    return new FoldedModel(
        model.name(),
        model.architecture(),
        model.sources(),
        model.primary(),
        model.tensors().stream().filter(left.negate()).toList(),
        cases);
  }
}
