package bmr.cli;

import bmr.analysis.Similarity;
import bmr.analysis.Similarity.Comparison;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.engine.Limits;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.model.Architecture;
import bmr.provenance.MetadataLevel;
import bmr.recipe.Recipe.NamedModel;
import bmr.recipe.Wanted;
import bmr.report.PlanText;
import bmr.report.Quantities;
import bmr.report.Style;
import bmr.report.Table;
import bmr.report.Terminal;
import bmr.sample.SampleModels;
import bmr.workspace.Workspace;
import bmr.workspace.Workspace.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bmr demo}. */
@Command(
    name = "demo",
    sortOptions = false,
    header = "See everything once, on tiny synthetic models.",
    description = {
      "",
      "Writes synthetic models into a folder, runs the Blessing Mix on them, a",
      "published recipe of twenty steps, and shows what came of it.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  static final String RECIPE = "blessing-mix.bmr";
  private static final String RESULT = "BlessingMix V1";
  private static final String TARGET = "BracingEvoMix_v1";

  private final Context context;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The folder to write into; `bmr-demo` by default.")
  private Path folder = Path.of("bmr-demo");

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  DemoCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Terminal terminal = context.terminal();
    Path base = context.resolve(folder);
    Path models = base.resolve("models");

    heading("1. Sample models in " + folder.resolve("models"));
    SampleCommand.print(
        terminal, SampleModels.write(models, SampleModels.Scale.TINY, Architecture.SD1));
    Path recipe = base.resolve(RECIPE);
    copyRecipe(recipe);

    var request =
        new Workspace.Request(
            Optional.of(recipe),
            Optional.empty(),
            List.of(models),
            new LinkedHashMap<>(),
            new Wanted(Optional.empty(), true));
    try (Workspace workspace = Workspace.open(request)) {
      if (workspace.failed()) {
        throw new ProblemException(workspace.diagnostics());
      }
      Output output =
          workspace.outputs().stream()
              .filter(one -> one.name().equals(RESULT))
              .findFirst()
              .orElseThrow();
      Plan plan = workspace.plan(output, Limits.standard());

      terminal.print("");
      heading("2. The plan: " + workspace.recipe().models().size() + " steps in one pass");
      PlanText.formulas(plan, terminal.width()).forEach(terminal::print);
      terminal.print("");
      PlanText.costs(plan).forEach(terminal::print);

      terminal.print("");
      heading("3. The result");
      make(workspace, output, plan, base).print(terminal);

      terminal.print("");
      heading("4. How alike each step is to " + TARGET + " (a synthetic one)");
      similarities(workspace).lines(terminal.width(), this::headingText).forEach(terminal::print);
    }
    terminal.print("");
    heading("What to type next");
    next(terminal);
    return ExitStatus.DONE;
  }

  private void heading(String text) {
    context.terminal().print(headingText(text));
  }

  private String headingText(String text) {
    return context.terminal().paint(Style.HEADING, text);
  }

  /** The recipe is one of the examples, and travels in the jar. */
  static void copyRecipe(Path target) throws IOException {
    try (InputStream text = DemoCommand.class.getResourceAsStream(RECIPE)) {
      if (text == null) {
        throw new IllegalStateException("the jar lacks " + RECIPE);
      }
      byte[] bytes = text.readAllBytes();
      if (Files.exists(target) && !Arrays.equals(Files.readAllBytes(target), bytes)) {
        throw new ProblemException(new RunProblem.OtherRecipe(target));
      }
      Files.write(target, bytes);
    }
  }

  private RunResult make(Workspace workspace, Output output, Plan plan, Path base) {
    var target =
        new RunTarget(
            base.resolve(output.fileName()),
            plan,
            workspace.metadata(output, plan, MetadataLevel.FULL, Program.version()),
            OptionalLong.empty(),
            true,
            false);
    // the demo's folder is its own: what an earlier demo made may be replaced
    target.check(workspace.sources(), true);
    if (target.upToDate()) {
      return RunResult.upToDate(output.name(), target.path(), plan);
    }
    return RunResult.made(
        output.name(),
        plan,
        RunCommand.materialize(context, workspace, output.name(), plan, target, false, true));
  }

  private Table similarities(Workspace workspace) {
    List<FoldedModel> steps =
        workspace.recipe().models().stream().map(NamedModel::name).map(workspace::fold).toList();
    List<Comparison> comparisons =
        Similarity.compare(
            steps,
            workspace.fold(TARGET),
            workspace.sources(),
            Limits.standard(),
            Progress.NONE,
            context.cancelled());
    var table =
        new Table(
            Table.Column.left("step"),
            Table.Column.right("IN+M00"),
            Table.Column.right("OUT"),
            Table.Column.right("all"));
    var in = BlockSelection.of("IN+M00");
    var out = BlockSelection.of("OUT");
    for (Comparison comparison : comparisons) {
      table.row(
          comparison.model(),
          Quantities.percent(in.total(comparison).cosine()),
          Quantities.percent(out.total(comparison).cosine()),
          Quantities.percent(comparison.total().cosine()));
    }
    return table;
  }

  private void next(Terminal terminal) {
    terminal.print(
        "  bmr check " + folder.resolve(RECIPE) + " --models " + folder.resolve("models"));
    terminal.print("  bmr models DIR                        what lies in your own folder");
    terminal.print("  bmr run -e \"A x 0.7 + B x 0.3\" -o mix.safetensors --models DIR");
    terminal.print("  bmr run " + folder.resolve(RECIPE) + " --models DIR");
    terminal.print("  bmr help");
  }
}
