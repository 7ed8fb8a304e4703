package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.MergeProblem;
import bmr.diagnostic.PartProblem;
import bmr.diagnostic.ProblemException;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.TensorFormula;
import bmr.model.Architecture;
import bmr.model.BlockMap;
import bmr.model.Part;
import bmr.model.TensorRole;
import bmr.recipe.Recipe.Formula;
import bmr.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a folded output lacks or mixes, as far as headers tell. */
final class ResultChecks {
  private final Workspace workspace;
  private final Workspace.Output output;
  private final FoldedModel model;

  ResultChecks(Workspace workspace, Workspace.Output output) {
    this.workspace = workspace;
    this.output = output;
    this.model = workspace.fold(output);
  }

  void check(List<Diagnostic> diagnostics) {
    if (model.tensors().isEmpty()) {
      throw new ProblemException(new MergeProblem.Empty(output.name()));
    }
    parts(diagnostics);
    latents();
    prediction(diagnostics);
    otherBlockMaps(diagnostics);
  }

  private Diagnostic at(MergeProblem problem) {
    return Diagnostic.at(place(), problem);
  }

  private Span place() {
    return output
        .request()
        .map(save -> save.place())
        .orElseGet(() ->
            workspace.recipe().models().stream()
                .filter(one -> one.name().equals(output.name()))
                .findFirst()
                .orElseThrow()
                .place());
  }

  private void parts(List<Diagnostic> diagnostics) {
    if (model.architecture().equals(Architecture.UNKNOWN)) {
      return;
    }
    Set<Part> parts = new LinkedHashSet<>();
    model.tensors().forEach(tensor -> parts.add(tensor.place().part()));
    boolean unetOnly = output.request().map(save -> save.unetOnly()).orElse(false);
    boolean difference = output.request().map(save -> save.asDifference()).orElse(false);
    if (unetOnly || difference || isPart() || parts.stream().noneMatch(Part::isUnet)) {
      return;
    }
    if (isTransformerAlone()) {
      return;
    }
    if (parts.stream().noneMatch(Part::isTextEncoder)) {
      diagnostics.add(at(new MergeProblem.NoTextEncoder(output.name())));
    }
    boolean saidSo =
        output
            .request()
            .map(save -> save.vae() instanceof bmr.recipe.Recipe.VaeChoice.None)
            .orElse(false);
    if (!parts.contains(Part.VAE) && !saidSo) {
      diagnostics.add(at(new MergeProblem.NoVae(output.name())));
    }
  }

  /** SD 3 and Flux are mostly shared without text encoders and VAE: then nobody misses them. */
  private boolean isTransformerAlone() {
    boolean transformer =
        model.architecture().equals(Architecture.SD3)
            || model.architecture().equals(Architecture.FLUX);
    return transformer
        && unetSources().stream()
            .flatMap(source -> workspace.sources().get(source).tensors().keySet().stream())
            .allMatch(key -> Part.of(key).isUnet());
  }

  /** Whether the definition says that it is one component: {@code R = unet(A)}. */
  private boolean isPart() {
    return workspace.recipe().models().stream()
        .anyMatch(one ->
            one.name().equals(output.name()) && one.formula() instanceof Formula.OfComponent);
  }

  /** A VAE of another family than the U-Net. */
  private void latents() {
    Optional<LatentChannels> channels = LatentChannels.of(model);
    if (channels.isPresent() && channels.get().differ()) {
      LatentChannels found = channels.get();
      throw new ProblemException(
          List.of(
              Diagnostic.at(
                  place(),
                  new PartProblem.LatentsDiffer(
                      output.name(), found.vaeName(), found.vae(), found.unet()))));
    }
  }

  /** Velocity models carry a marker key; among SDXL models the rest are epsilon models. */
  private void prediction(List<Diagnostic> diagnostics) {
    List<String> velocity = new ArrayList<>();
    List<String> epsilon = new ArrayList<>();
    for (int source : unetSources()) {
      Checkpoint file = workspace.sources().get(source);
      boolean hasUnet =
          file.tensors().keySet().stream().anyMatch(key -> key.startsWith("model.diffusion_model"));
      if (hasUnet) {
        boolean marked =
            file.tensors().keySet().stream()
                .anyMatch(
                    key -> TensorRole.of(key) == TensorRole.MARKER && key.startsWith("v_pred"));
        (marked ? velocity : epsilon).add(file.name());
      }
    }
    if (!velocity.isEmpty() && !epsilon.isEmpty()) {
      diagnostics.add(at(new MergeProblem.MixedPrediction(velocity, epsilon)));
    }
  }

  /** Sources of the U-Net; one that gives its VAE alone predicts nothing. */
  private Set<Integer> unetSources() {
    Set<Integer> sources = new LinkedHashSet<>();
    for (FoldedTensor tensor : model.tensors()) {
      if (tensor.place().part().isUnet()) {
        sources.addAll(tensor.formula().sources());
      }
    }
    return sources;
  }

  /** Whether the time and label embeddings would come out otherwise under another map. */
  private void otherBlockMaps(List<Diagnostic> diagnostics) {
    BlockMap used = workspace.recipe().blockMap();
    if (!used.name().equals(BlockMap.standard().name())) {
      return;
    }
    Map<String, TensorFormula> here = embeddings(workspace.fold(output.name()));
    List<String> others = new ArrayList<>();
    for (String name : BlockMap.names()) {
      BlockMap map = BlockMap.named(name).orElseThrow();
      if (!name.equals(used.name())
          && !embeddings(workspace.foldSome(output.name(), map, here::containsKey)).equals(here)) {
        others.add(name);
      }
    }
    if (!others.isEmpty()) {
      diagnostics.add(at(new MergeProblem.BlockMapMatters(output.name(), used.name(), others)));
    }
  }

  private static Map<String, TensorFormula> embeddings(FoldedModel model) {
    Map<String, TensorFormula> formulas = new HashMap<>();
    for (FoldedTensor tensor : model.tensors()) {
      Part part = tensor.place().part();
      if (part == Part.TIME || part == Part.LABEL) {
        formulas.put(tensor.key(), tensor.formula());
      }
    }
    return formulas;
  }
}
