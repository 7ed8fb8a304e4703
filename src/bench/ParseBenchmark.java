import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Severity;
import bmr.graph.KindCheck;
import bmr.graph.ModelGraph;
import bmr.method.Methods;
import bmr.model.Architecture;
import bmr.model.ModelNames;
import bmr.recipe.Bound;
import bmr.recipe.RecipeBinder;
import bmr.recipe.Wanted;
import bmr.source.SourceText;
import bmr.syntax.Parsed;
import bmr.syntax.Parser;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Seconds that a megabyte of script takes, by the processor time of the thread: parsing alone, and
 * parsing, binding and checking of sums together; the median of many rounds after warming up, and
 * the range of the middle half. The script has what people write: chains, lists and maps of block
 * weights, overrides, presets, quoted names, comments. See README.md.
 */
final class ParseBenchmark {
  private static final int SIZE = 1 << 20;
  private static final int WARM_UP_ROUNDS = 12;
  private static final int ROUNDS = 15;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ParseBenchmark() {}

  public static void main(String... arguments) {
    String script = script();
    System.out.printf(
        "%,d bytes, %,d lines, JDK %s%n",
        script.length(), script.lines().count(), Runtime.version());
    System.out.println("| work | s | middle half |");
    System.out.println("|---|---|---|");
    time("parse", () -> parse(script).script().statements().size());
    time("parse, bind, check", () -> check(script));
  }

  private static Parsed parse(String script) {
    return Parser.parse(SourceText.of("long.bmr", script));
  }

  private static int check(String script) {
    Parsed parsed = parse(script);
    Bound bound =
        RecipeBinder.bind(
            parsed.script(), new Files(), Methods.signatures(), Map.of(), Wanted.AS_WRITTEN);
    ModelGraph graph = ModelGraph.of(bound.recipe());
    List<Diagnostic> sums =
        KindCheck.check(
            bound.recipe(), graph, Architecture.SD1, bound.recipe().blockMap(), List.of());
    boolean wrong =
        bound.findings().stream().anyMatch(Bound.Finding::isError)
            || parsed.diagnostics().stream()
                .anyMatch(diagnostic -> diagnostic.problem().severity() == Severity.ERROR);
    if (wrong) {
      throw new IllegalStateException("the script is wrong");
    }
    return graph.size() + sums.size();
  }

  private interface Work {
    int run();
  }

  private static void time(String name, Work work) {
    long sink = 0;
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      sink += work.run();
    }
    double[] seconds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      sink += work.run();
      seconds[i] = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f-%.2f |%s%n",
        name,
        seconds[ROUNDS / 2],
        seconds[ROUNDS / 4],
        seconds[ROUNDS * 3 / 4],
        sink == 0 ? " nothing" : "");
  }

  /** Names that look like files; everything else is defined in the script. */
  private record Files() implements ModelNames {
    @Override
    public Lookup find(String name) {
      boolean file = name.startsWith("file") || name.startsWith("A file");
      return file
          ? new Lookup.Found(new ModelFile(name, Path.of(name)), true)
          : new Lookup.Missing(List.of());
    }

    @Override
    public Optional<ModelFile> findExactly(String name) {
      return find(name) instanceof Lookup.Found(ModelFile file, boolean exact) && exact
          ? Optional.of(file)
          : Optional.empty();
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }

  private static String script() {
    Random random = new Random(1);
    StringBuilder script = new StringBuilder("STEP0 = file-v1.0\n");
    for (int i = 1; script.length() < SIZE; i++) {
      String last = "STEP" + (i - 1);
      String file = random.nextInt(3) == 0 ? "\"A file " + i % 40 + "\"" : "file_v" + i % 60;
      String next = "STEP" + i;
      String blend = last + " x (1-alpha) + " + file + " x alpha";
      script.append(
          switch (random.nextInt(9)) {
            case 0 -> "%s = %s\n    alpha = %s\n".formatted(next, blend, list(random));
            case 1 -> "%s = %s\n    alpha = {OUT06~OUT11: 0.15, M00: 0.3}\n".formatted(next, blend);
            case 2 ->
                "%s = %s # overrides\n    alpha = GRAD_V with {OUT04:attn2: 0.3, IN00-IN05: 0.5}\n"
                    .formatted(next, blend);
            case 3 -> "%s = %s, alpha = SMOOTHSTEP*2\n".formatted(next, blend);
            case 4 ->
                "%s + (%s - file-base) x 0.08 = %s   // from the model card\n"
                    .formatted(last, file, next);
            case 5 ->
                "\n# %s: a remark of a whole line about what this step is for\n%s = %s x 0.7 + %s x 30%%\n"
                    .formatted(next, next, last, file);
            default -> "%s = %s x 0.9 + %s x 0.1\n".formatted(next, last, file);
          });
    }
    return script.toString();
  }

  private static String list(Random random) {
    StringBuilder list = new StringBuilder("(");
    for (int i = 0; i < 26; i++) {
      list.append(i == 0 ? "" : ",").append(random.nextInt(21) * 5 / 100.0);
    }
    return list.append(")").toString();
  }
}
