package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.FoldedCheckpoint;
import bmr.engine.Materializer;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.engine.RunReport;
import bmr.lora.LoraWriter;
import bmr.report.ProgressBar;
import bmr.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes a LoRA of a difference that is computed layer by layer. Where a layer has no formula of
 * numbers, such as the first convolution of an inpainting model, the difference is written beside
 * the target first, and removed when the LoRA is there.
 */
record ExtractedLora(
    Context context,
    Workspace workspace,
    String name,
    Extraction extraction,
    RunTarget target,
    boolean showProgress) {

  RunReport make(boolean allowNonFinite) {
    long start = System.nanoTime();
    Plan plan = extraction.difference();
    Set<String> wanted = extraction.layers().keys();
    try (FoldedCheckpoint folded =
        FoldedCheckpoint.of(
            plan.model(), workspace.sources(), tensor -> wanted.contains(tensor.key()))) {
      long nonFinite =
          folded.tensors().keySet().containsAll(wanted)
              ? write(folded, allowNonFinite)
              : writeFromFile(allowNonFinite);
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      return new RunReport(
          target.path(), plan.readBytes(), target.layout().size(), nonFinite, time);
    } catch (IOException e) {
      throw new ProblemException(new RunProblem.WriteFailed(target.path(), "reading failed"));
    }
  }

  private long write(Checkpoint difference, boolean allowNonFinite) throws IOException {
    try (ProgressBar bar = new ProgressBar(context.terminal(), name)) {
      var watcher = new Watcher(showProgress ? bar : Progress.NONE, allowNonFinite);
      LoraWriter.write(
          difference,
          extraction.layers(),
          target.layout(),
          extraction.crew(),
          watcher,
          context.cancelled());
      return watcher.nonFinite.get();
    }
  }

  private long writeFromFile(boolean allowNonFinite) throws IOException {
    Path file = target.path().toAbsolutePath();
    Path whole = file.resolveSibling("." + file.getFileName() + ".difference.safetensors");
    try (ProgressBar bar = new ProgressBar(context.terminal(), name)) {
      Materializer.write(
          extraction.difference(),
          workspace.sources(),
          whole,
          Map.of(),
          true,
          showProgress ? bar : Progress.NONE,
          context.cancelled());
      try (Checkpoint difference = Checkpoint.open(whole)) {
        return write(difference, allowNonFinite);
      }
    } finally {
      remove(whole);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // a file that cannot be removed is litter, and no reason to fail
    }
  }

  /** Shows how far it is, and ends a run with values that are none. */
  private static final class Watcher implements LoraWriter.Watcher {
    private final Progress progress;
    private final boolean allowNonFinite;
    private final AtomicLong nonFinite = new AtomicLong();

    Watcher(Progress progress, boolean allowNonFinite) {
      this.progress = progress;
      this.allowNonFinite = allowNonFinite;
    }

    @Override
    public void decomposed(long done, long total) {
      progress.made(done * Float.BYTES, total * Float.BYTES);
    }

    @Override
    public void nonFinite(String key, long count) {
      if (!allowNonFinite) {
        throw new ProblemException(new RunProblem.NonFinite(key, count, "F32"));
      }
      nonFinite.addAndGet(count);
    }
  }
}
