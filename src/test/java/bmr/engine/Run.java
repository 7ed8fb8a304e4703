package bmr.engine;

import bmr.graph.FoldedModel;
import bmr.tensor.DType;
import bmr.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Plans and materializes in memory. */
record Run(Plan plan, MemoryFile file, RunReport report) {
  /** Small batches, so that small tensors are cut. */
  static final Tuning SMALL = new Tuning(2, 600_000, 200_000, 500_000);

  static final Limits LIMITS = new Limits(2, 64L << 20);

  static Run of(FoldedModel model, List<MemoryCheckpoint> sources, DType type) {
    return of(model, sources, OutputType.of(type), LIMITS, SMALL, false);
  }

  static Run of(
      FoldedModel model,
      List<MemoryCheckpoint> sources,
      OutputType type,
      Limits limits,
      Tuning tuning,
      boolean allowNonFinite) {
    Workshop workshop = Build.workshop(sources, tuning);
    Plan plan = Planner.plan(model, type, limits, workshop);
    var files = new MemoryFile[1];
    RunReport report =
        Materializer.write(
            plan,
            workshop,
            Path.of("nowhere", "target.safetensors"),
            Map.of("format", "pt"),
            allowNonFinite,
            Progress.NONE,
            () -> false,
            (path, size) -> {
              files[0] = new MemoryFile(size, Long.MAX_VALUE);
              return files[0];
            });
    return new Run(plan, files[0], report);
  }

  /** The bytes of an output tensor. */
  byte[] bytes(int tensor) {
    long end = file.bytes.length;
    for (int i = plan.outputs().size() - 1; i >= tensor; i--) {
      TensorInfo info = plan.outputs().get(i);
      if (i == tensor) {
        return Arrays.copyOfRange(file.bytes, (int) (end - info.bytes()), (int) end);
      }
      end -= info.bytes();
    }
    throw new IllegalArgumentException("no such tensor");
  }

  double[] values(int tensor) {
    return MemoryCheckpoint.decode(plan.outputs().get(tensor).dtype(), bytes(tensor));
  }
}
