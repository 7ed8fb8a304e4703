package bmr.analysis;

import bmr.analysis.WeightFitting.Variable;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.recipe.Wanted;
import bmr.sample.SampleFile;
import bmr.sample.SampleTensor;
import bmr.tensor.DType;
import bmr.tensor.Shape;
import bmr.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A random recipe with unknowns over small models on disk, and the same recipe by plain loops over
 * the models' values.
 */
final class RandomFit {
  static final int UNKNOWNS = 4;
  private static final List<String> SOURCES = List.of("base", "one", "two", "three");
  private static final List<String> KEYS =
      List.of(
          "model.diffusion_model.input_blocks.4.1.proj_in.weight",
          "model.diffusion_model.output_blocks.3.0.in_layers.2.weight",
          "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight");
  private static final int SIZE = 60;

  /** One line: blends a source in, or adds its difference from the base. */
  private record Step(boolean blend, int source, int output, int other, double factor) {
    String weight() {
      String out = "(?w" + output + " x " + factor + ")";
      return output == other ? out : "{OUT: " + out + ", else ?w" + other + "}";
    }

    double at(int key, double[] point) {
      return key == 1 || output == other ? point[output] * factor : point[other];
    }
  }

  private final Path folder;
  private final List<Step> steps = new ArrayList<>();
  private final double[][][] values = new double[SOURCES.size()][KEYS.size()][SIZE];
  private final double[] target = {0.2, 0.3, -0.1, 0.6};

  RandomFit(Path folder, Random random) throws IOException {
    this.folder = folder;
    for (int s = 0; s < SOURCES.size(); s++) {
      var tensors = new ArrayList<SampleTensor>();
      for (int k = 0; k < KEYS.size(); k++) {
        for (int e = 0; e < SIZE; e++) {
          double value = (s == 0 ? 1 : 0.3) * random.nextGaussian();
          values[s][k][e] = s == 0 ? value : values[0][k][e] + value;
        }
        tensors.add(SampleTensor.of(KEYS.get(k), DType.F64, Shape.of(6, 10), values[s][k]));
      }
      SampleFile.write(
          folder.resolve(SOURCES.get(s) + ".safetensors"), List.copyOf(tensors), Map.of());
    }
    for (int step = 0; step < 4; step++) {
      int output = step;
      int other = random.nextBoolean() ? output : random.nextInt(UNKNOWNS);
      double factor = random.nextInt(1, 20) / 10.0;
      steps.add(new Step(random.nextBoolean(), 1 + random.nextInt(3), output, other, factor));
    }
    var text = new StringBuilder("T = ");
    for (int s = 0; s < SOURCES.size(); s++) {
      text.append(s == 0 ? "" : " + ").append(SOURCES.get(s)).append(" x (").append(target[s]);
      text.append(')');
    }
    text.append("\nM0 = one x 1\n");
    for (int step = 0; step < steps.size(); step++) {
      Step own = steps.get(step);
      String source = SOURCES.get(own.source());
      String weight = own.weight();
      text.append("M" + (step + 1) + " = M" + step);
      text.append(
          own.blend()
              ? " x (1 - w) + " + source + " x w\n    w = " + weight + "\n"
              : " + (" + source + " - base) x w\n    w = " + weight + "\n");
    }
    Files.writeString(folder.resolve("recipe.bmr"), text);
  }

  String text() throws IOException {
    return Files.readString(folder.resolve("recipe.bmr"));
  }

  /** ‖M − T‖² / ‖T − base‖² by plain loops. */
  double square(double[] point) {
    double apart = 0;
    double scale = 0;
    for (int k = 0; k < KEYS.size(); k++) {
      for (int e = 0; e < SIZE; e++) {
        double wanted = 0;
        for (int s = 0; s < SOURCES.size(); s++) {
          wanted += target[s] * values[s][k][e];
        }
        double own = values[1][k][e];
        for (Step step : steps) {
          double weight = step.at(k, point);
          double source = values[step.source()][k][e];
          own =
              step.blend()
                  ? own * (1 - weight) + source * weight
                  : own + (source - values[0][k][e]) * weight;
        }
        apart += (own - wanted) * (own - wanted);
        scale += (wanted - values[0][k][e]) * (wanted - values[0][k][e]);
      }
    }
    return apart / scale;
  }

  WeightFitting fitting(List<Variable> variables) {
    try (Workspace workspace =
        Workspace.open(
            new Workspace.Request(
                Optional.of(folder.resolve("recipe.bmr")),
                Optional.empty(),
                List.of(folder),
                new LinkedHashMap<>(),
                new Wanted(Optional.empty(), true)))) {
      if (workspace.failed()) {
        throw new IllegalStateException(workspace.diagnostics().toString());
      }
      FoldedModel model = workspace.fold("M4");
      FoldedModel wanted = workspace.fold("T");
      FoldedModel base = workspace.fold("base");
      Tables.Linear linear =
          Tables.linear(
              List.of(model, wanted, base),
              workspace.sources(),
              TableCache.none(),
              new Limits(1, Limits.DEFAULT_MEMORY),
              Progress.NONE,
              () -> false);
      return new WeightFitting(
          linear.table(),
          linear.columns(),
          workspace.gradients("M4", variables.stream().map(Variable::name).toList()),
          model,
          wanted,
          Optional.of(base),
          (_, _) -> true,
          variables);
    }
  }
}
