import bmr.checkpoint.Checkpoint;
import bmr.graph.FoldedModel;
import bmr.graph.FoldedModel.FoldedTensor;
import bmr.graph.LinearForm;
import bmr.graph.Operand;
import bmr.graph.TensorFormula;
import bmr.recipe.Wanted;
import bmr.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.tools.ToolProvider;

/**
 * Times {@code bmr run} as a whole process against {@link Floor}, in turns, with the files in the
 * system's cache and without. See README.md beside this file.
 */
final class EndToEnd {
  private static final String NAME = "BlessingMix V1";
  private static final Path RECIPE = Path.of("examples/blessing-mix.bmr");

  private EndToEnd() {}

  public static void main(String[] arguments) throws Exception {
    Path models = Path.of(arguments[0]);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    if (!Files.isDirectory(models)) {
      seconds(List.of("./bmr", "sample", models.toString(), "--scale", "full"));
    }
    Path work = Files.createTempDirectory(models.toAbsolutePath().getParent(), "bench");
    Path result = work.resolve("result.safetensors");
    List<String> bmr =
        List.of(
            "./bmr",
            "run",
            RECIPE.toString(),
            "--models",
            models.toString(),
            "--only",
            NAME,
            "--overwrite",
            "--force",
            "--threads",
            "2",
            "-o",
            result.toString());
    Path ranges = work.resolve("ranges.txt");
    long readBytes = writeRanges(models, ranges);
    System.out.printf(
        Locale.ROOT, "warm up: %.1f s, %.2f GB to read%n", seconds(bmr), readBytes / 1e9);
    long size = Files.size(result);
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-d", work.toString(), "src/bench/Floor.java");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> floor =
        List.of(
            java,
            "-cp",
            work.toString(),
            "Floor",
            ranges.toString(),
            work.resolve("floor.bin").toString(),
            String.valueOf(size));
    for (boolean cold : new boolean[] {false, true}) {
      measure(cold, rounds, work, bmr, floor);
    }
    deleteOutputs(work);
  }

  /**
   * Both write new files: pages of an old one that is cut to nothing would be there for the taking.
   */
  private static void deleteOutputs(Path work) throws Exception {
    for (String name : new String[] {"result.safetensors", "floor.bin"}) {
      Files.deleteIfExists(work.resolve(name));
    }
  }

  private static void measure(
      boolean cold, int rounds, Path work, List<String> bmr, List<String> floor) throws Exception {
    var own = new ArrayList<Double>();
    var least = new ArrayList<Double>();
    for (int i = 0; i < rounds; i++) {
      deleteOutputs(work);
      if (cold && !dropCaches()) {
        System.out.println("cold: skipped, the system's cache can be emptied by root only");
        return;
      }
      least.add(seconds(floor));
      deleteOutputs(work);
      if (cold) {
        dropCaches();
      }
      own.add(seconds(bmr));
    }
    System.out.printf(
        Locale.ROOT,
        "%s: bmr %s, floor %s, ratio of medians %.2f%n",
        cold ? "cold" : "warm",
        summary(own),
        summary(least),
        median(own) / median(least));
  }

  private static String summary(List<Double> seconds) {
    return String.format(
        Locale.ROOT,
        "%.2f s (%.2f to %.2f)",
        median(seconds),
        Collections.min(seconds),
        Collections.max(seconds));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static double seconds(List<String> command) throws Exception {
    long start = System.nanoTime();
    int status =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException(command + " ended with status " + status);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static boolean dropCaches() throws Exception {
    String command = "sync; echo 3 > /proc/sys/vm/drop_caches";
    return new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** Writes the ranges that the plan needs, neighbours as one; returns their bytes. */
  private static long writeRanges(Path models, Path file) throws Exception {
    var request =
        new Workspace.Request(
            Optional.of(RECIPE),
            Optional.empty(),
            List.of(models),
            new LinkedHashMap<>(),
            Wanted.only(NAME));
    var lines = new ArrayList<String>();
    long bytes = 0;
    try (Workspace workspace = Workspace.open(request)) {
      FoldedModel model = workspace.fold(NAME);
      for (int i = 0; i < workspace.sources().size(); i++) {
        Checkpoint source = workspace.sources().get(i);
        var ranges = new TreeMap<Long, Long>();
        for (FoldedTensor tensor : model.tensors()) {
          if (reads(tensor.formula(), i)) {
            var stored = source.stored().get(tensor.key());
            ranges.put(stored.position(), stored.info().bytes());
          }
        }
        long start = -1;
        long end = -1;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
          bytes += range.getValue();
          if (range.getKey() == end) {
            end += range.getValue();
            continue;
          }
          if (end > start) {
            lines.add(start + " " + (end - start) + " " + source.path());
          }
          start = range.getKey();
          end = start + range.getValue();
        }
        if (end > start) {
          lines.add(start + " " + (end - start) + " " + source.path());
        }
      }
    }
    Files.write(file, lines);
    return bytes;
  }

  /** The Blessing Mix is linear: formulas of sources only. */
  private static boolean reads(TensorFormula formula, int source) {
    return switch (formula) {
      case TensorFormula.Blend(LinearForm form) -> reads(form, source);
      case TensorFormula.Verbatim(int only) -> only == source;
      case TensorFormula.PositionIds ids -> false;
      case TensorFormula.Channels split ->
          reads(split.common(), source) || reads(split.rest(), source);
    };
  }

  private static boolean reads(LinearForm form, int source) {
    return form.terms().stream()
        .anyMatch(term -> term.operand() instanceof Operand.Source(int index) && index == source);
  }
}
