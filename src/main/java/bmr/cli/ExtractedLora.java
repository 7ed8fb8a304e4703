package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Materializer;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.engine.RunReport;
import bmr.lora.LoraWriter;
import bmr.recipe.Recipe.SaveRequest;
import bmr.report.ProgressBar;
import bmr.tensor.DType;
import bmr.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Makes a LoRA of a difference. The difference is written beside the target first, in F32, and
 * removed when the LoRA is there: so memory holds one tensor of it at a time.
 */
record ExtractedLora(
    Context context,
    Workspace workspace,
    Workspace.Output output,
    Plan plan,
    RunTarget target,
    boolean showProgress) {

  RunReport make(boolean allowNonFinite) {
    long start = System.nanoTime();
    Path file = target.path().toAbsolutePath();
    Path whole = file.resolveSibling("." + file.getFileName() + ".difference.safetensors");
    try {
      RunReport report = materialize(whole, allowNonFinite);
      DType dtype = output.request().flatMap(SaveRequest::dtype).orElse(DType.F16);
      try (Checkpoint difference = Checkpoint.open(whole)) {
        long size =
            LoraWriter.write(
                difference,
                plan.model().architecture(),
                workspace.loraRank(output).orElseThrow(),
                dtype,
                target.metadata(),
                target.path(),
                plan.limits().threads(),
                plan.limits().memory(),
                context.cancelled());
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new RunReport(target.path(), report.readBytes(), size, report.nonFinite(), time);
      }
    } catch (IOException e) {
      throw new ProblemException(new RunProblem.WriteFailed(target.path(), "reading failed"));
    } finally {
      remove(whole);
    }
  }

  private RunReport materialize(Path whole, boolean allowNonFinite) {
    try (ProgressBar bar = new ProgressBar(context.terminal(), output.name())) {
      return Materializer.write(
          plan,
          workspace.sources(),
          whole,
          Map.of(),
          allowNonFinite,
          showProgress ? bar : Progress.NONE,
          context.cancelled());
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // a file that cannot be removed is litter, and no reason to fail
    }
  }
}
