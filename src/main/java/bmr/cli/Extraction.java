package bmr.cli;

import bmr.engine.Plan;
import bmr.lora.LoraLayers;
import bmr.recipe.Recipe.SaveRequest;
import bmr.report.Quantities;
import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import bmr.workspace.Workspace;
import java.util.List;
import java.util.Optional;

/**
 * An output that is the LoRA of a difference.
 *
 * @param layers what the LoRA will have in it
 * @param difference the plan of the difference in F32, none of which is written
 */
record Extraction(LoraLayers layers, Plan difference) {
  /** Of an output, if it is one. */
  static Optional<Extraction> of(Workspace workspace, Workspace.Output output, Plan difference) {
    if (workspace.loraRank(output).isEmpty()) {
      return Optional.empty();
    }
    DType dtype = output.request().flatMap(SaveRequest::dtype).orElse(DType.F16);
    LoraLayers layers =
        LoraLayers.of(
            difference.outputs(),
            difference.model().architecture(),
            workspace.loraRank(output).getAsInt(),
            dtype);
    return Optional.of(new Extraction(layers, difference));
  }

  /** Layers that are decomposed at once. */
  int crew() {
    return layers.crew(difference.limits().threads(), difference.limits().memory());
  }

  /** The plan with what is written and what it takes: the tensors are the LoRA's. */
  Plan plan() {
    List<TensorInfo> tensors = layers.tensors();
    return new Plan(
        difference.model(),
        tensors,
        difference.classes(),
        difference.sources(),
        difference.readBytes(),
        tensors.stream().mapToLong(TensorInfo::bytes).sum(),
        crew() * layers.layerBytes(),
        difference.limits());
  }

  /** One line: the rank, and of how much. */
  String text() {
    return "extracts a LoRA of rank "
        + layers.rank()
        + " with "
        + Quantities.count(layers.modules(), "module")
        + "; as a difference in F32 it would be "
        + Quantities.bytes(difference.writeBytes());
  }
}
