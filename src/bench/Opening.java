import bmr.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times the opening of model files: one file with many tensors after warm-up, then 100 files at
 * once, and 100 files in a process of their own. Files are headers over holes. See README.md beside
 * this file.
 */
final class Opening {
  private static final int FILES = 100;
  private static final int WARM_UP = 60;
  private static final int ROUNDS = 40;

  private Opening() {}

  public static void main(String[] arguments) throws Exception {
    Path model = Path.of(arguments[0]);
    if (arguments.length > 1) {
      long start = System.nanoTime();
      openAll(model, Integer.parseInt(arguments[1]));
      System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - start) / 1e9);
      return;
    }
    int tensors;
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      tensors = checkpoint.tensors().size();
    }
    double alone = seconds(model);
    List<Double> times = new ArrayList<>();
    openAll(model, WARM_UP);
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      openAll(model, 1);
      times.add((System.nanoTime() - start) / 1e6);
    }
    times.sort(null);
    long start = System.nanoTime();
    openAll(model, FILES);
    double hundred = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d tensors: %.1f ms (%.1f to %.1f); %d files %.2f s, in a new process %.2f s%n",
        tensors,
        times.get(ROUNDS / 2),
        times.getFirst(),
        times.getLast(),
        FILES,
        hundred,
        alone);
  }

  private static void openAll(Path model, int count) {
    for (int i = 0; i < count; i++) {
      Checkpoint.open(model).close();
    }
  }

  private static double seconds(Path model) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                "Opening",
                model.toString(),
                String.valueOf(FILES))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return Double.parseDouble(new String(process.getInputStream().readAllBytes()).strip());
  }
}
