import bmr.analysis.InnerProductTable;
import bmr.analysis.TableCache;
import bmr.analysis.Tables;
import bmr.analysis.WeightFitting;
import bmr.analysis.WeightFitting.Variable;
import bmr.engine.Limits;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.recipe.Wanted;
import bmr.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Thirteen weights of the Blessing Mix, found from a table that is there: folding with derivatives,
 * grouping, and the search. Argument: a folder with the models and, as {@code planted.safetensors},
 * what the recipe makes of them.
 */
final class FitBenchmark {
  private static final String BASE = "v1-5-pruned-emaonly";
  private static final String[][] WEIGHTS = {
    {"x 0.08 = TEMP1", "x ?w1 = TEMP1"},
    {"x 0.1 = TEMP2", "x ?w2 = TEMP2"},
    {
      "TEMP2 x 0.95 + diamondcoalmix_diamondcoalv2pruned x 0.05",
      "TEMP2 x (1 - ?w3) + diamondcoalmix_diamondcoalv2pruned x ?w3"
    },
    {"TEMP3 x 0.9 + epicrealism_newAge x 0.1", "TEMP3 x (1 - ?w4) + epicrealism_newAge x ?w4"},
    {"x 0.18 = TEMP5", "x ?w5 = TEMP5"},
    {"x 0.06 = TEMP6", "x ?w6 = TEMP6"},
    {"0.15,0.15,0.15,0.15,0.15,0.15", "?w7,?w7,?w7,?w7,?w7,?w7"},
    {"0.0,0.08,0.08,0.0", "0.0,?w8,?w8,0.0"},
    {
      "OpenBra x 0.5 + v1-5-pruned-emaonly x 0.5", "OpenBra x (1 - ?w9) + v1-5-pruned-emaonly x ?w9"
    },
    {"0.55,0.55,0.55", "?w10,?w10,?w10"},
    {"0.05,0.05,0.05", "?w11,?w11,?w11"},
    {"0.3,0.24,0.24,0.3", "?w12,0.24,0.24,?w12"},
    {"(0.15,0.0", "(?w13,0.0"},
  };

  private FitBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    String text = Files.readString(Path.of("examples/blessing-mix.bmr"));
    for (String[] weight : WEIGHTS) {
      if (!text.contains(weight[0])) {
        throw new IllegalStateException(weight[0]);
      }
      text = text.replace(weight[0], weight[1]);
    }
    Path recipe = Files.createTempFile("fit", ".bmr");
    Files.writeString(recipe, text + "\nTarget = planted x 1\n");
    try (Workspace workspace =
        Workspace.open(
            new Workspace.Request(
                Optional.of(recipe),
                Optional.empty(),
                List.of(folder),
                new LinkedHashMap<>(),
                new Wanted(Optional.empty(), true)))) {
      measure(workspace);
    } finally {
      Files.delete(recipe);
    }
  }

  private static void measure(Workspace workspace) {
    FoldedModel model = workspace.fold("BlessingMix V1");
    FoldedModel target = workspace.fold("Target");
    FoldedModel base = workspace.fold(BASE);
    long start = System.nanoTime();
    Tables.Linear linear =
        Tables.linear(
            List.of(model, target, base),
            workspace.sources(),
            TableCache.none(),
            new Limits(2, Limits.DEFAULT_MEMORY),
            Progress.NONE,
            () -> false);
    InnerProductTable table = linear.table();
    System.out.printf("table of %d models: %.2f s%n", table.sources().size(), seconds(start));
    var names = new ArrayList<String>();
    var variables = new ArrayList<Variable>();
    for (int i = 1; i <= WEIGHTS.length; i++) {
      names.add("w" + i);
      variables.add(new Variable("w" + i, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0.1));
    }
    var times = new double[30];
    for (int round = 0; round < times.length; round++) {
      start = System.nanoTime();
      WeightFitting.Result result =
          new WeightFitting(
                  table,
                  linear.columns(),
                  workspace.gradients("BlessingMix V1", names),
                  model,
                  target,
                  Optional.of(base),
                  (_, _) -> true,
                  variables)
              .fit(Optional.empty());
      times[round] = seconds(start);
      if (round == 0) {
        System.out.printf(
            "first: %.1f ms, %d evaluations, distance %.6f to %.6f%n",
            1000 * times[0], result.evaluations(), result.before(), result.after());
        result.weights().forEach(found -> System.out.println(found.name() + " " + found.value()));
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
