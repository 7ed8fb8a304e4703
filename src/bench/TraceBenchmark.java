import bmr.analysis.InnerProductTable;
import bmr.analysis.TableCache;
import bmr.analysis.Tables;
import bmr.analysis.ancestry.Trace;
import bmr.analysis.ancestry.Tracing;
import bmr.checkpoint.Checkpoint;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The search for ancestors in a table that is there. Arguments: the target, and the folder of the
 * candidates.
 */
final class TraceBenchmark {
  private TraceBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path target = Path.of(arguments[0]);
    var files = new ArrayList<Path>();
    try (Stream<Path> all = Files.list(Path.of(arguments[1]))) {
      all.filter(file -> file.toString().endsWith(".safetensors"))
          .filter(file -> !file.getFileName().equals(target.getFileName()))
          .sorted()
          .forEach(files::add);
    }
    files.add(target);
    List<Checkpoint> models = files.stream().map(Checkpoint::open).toList();
    long start = System.nanoTime();
    InnerProductTable table =
        TableCache.none()
            .table(
                Tables.sources(models),
                models,
                new Limits(2, Limits.DEFAULT_MEMORY),
                Progress.NONE,
                () -> false);
    System.out.printf(
        "table of %d models, %d tensors: %.2f s%n",
        models.size(), table.tensors().size(), seconds(start));
    List<Map<String, DType>> types =
        models.stream()
            .map(model ->
                model.tensors().values().stream()
                    .collect(Collectors.toMap(info -> info.key(), info -> info.dtype())))
            .toList();
    var times = new double[30];
    for (int round = 0; round < times.length; round++) {
      start = System.nanoTime();
      Trace trace = Tracing.of(table, types, false, name -> name.startsWith("v1-5")).orElseThrow();
      times[round] = seconds(start);
      if (round == 0) {
        System.out.printf("first: %.1f ms%n", 1000 * times[0]);
        trace.ancestors().forEach(ancestor -> System.out.println(trace.name(ancestor)));
      }
    }
    double[] warm = Arrays.copyOfRange(times, 10, times.length);
    Arrays.sort(warm);
    System.out.printf("warm: %.1f ms (median of %d)%n", 1000 * warm[10], warm.length);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
