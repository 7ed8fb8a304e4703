package bmr.workspace;

import bmr.checkpoint.Checkpoint;
import bmr.engine.OutputType;
import bmr.graph.FoldedModel;
import bmr.recipe.Recipe.SaveRequest;
import bmr.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Which type outputs are written in. */
final class OutputTypes {
  private OutputTypes() {}

  /** What a {@code save} line asks for, if it says anything of types. */
  static Optional<OutputType> requested(SaveRequest save) {
    if (save.asSource()) {
      return Optional.of(new OutputType.AsSource(save.types()));
    }
    if (save.dtype().isPresent() || !save.types().isEmpty()) {
      return Optional.of(new OutputType.Uniform(save.dtype().orElse(DType.F16), save.types()));
    }
    return Optional.empty();
  }

  /** F16 for SD 1.x, 2.x and SDXL; BF16 for SD 3 and Flux where a source is BF16. */
  static OutputType standard(FoldedModel model, List<Checkpoint> sources) {
    boolean bf16 =
        model.tensors().stream()
            .flatMap(tensor -> tensor.formula().sources().stream())
            .distinct()
            .flatMap(source -> sources.get(source).tensors().values().stream())
            .anyMatch(tensor -> tensor.dtype() == DType.BF16);
    return OutputType.of(bf16 && model.architecture().prefersBf16() ? DType.BF16 : DType.F16);
  }
}
