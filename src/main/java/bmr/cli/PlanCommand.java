package bmr.cli;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.diagnostic.Severity;
import bmr.engine.Plan;
import bmr.recipe.Wanted;
import bmr.report.CaseText;
import bmr.report.PlanJson;
import bmr.report.PlanText;
import bmr.report.Quantities;
import bmr.report.Style;
import bmr.report.Terminal;
import bmr.workspace.Workspace;
import bmr.workspace.Workspace.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr plan}. */
@Command(
    name = "plan",
    sortOptions = false,
    header = "Show what each block would be made of, and the cost.",
    description = {
      "",
      "Folds the whole chain of formulas into one per block: which sources, with",
      "which coefficients. Then what is read and written, and which sources are",
      "never read. Nothing is read but headers.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr plan post.bmr --models ~/models",
      "  bmr plan post.bmr \"BlessingMix V1\" --models ~/models --json",
    })
final class PlanCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a .bmr file.")
  private Path recipe = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = {"The definition to plan; by default what `bmr run`", "would make."})
  private Optional<String> name = Optional.empty();

  @Option(names = "--json", description = "The plan as JSON, for other programs.")
  private boolean json;

  @Mixin private final RecipeOptions options = new RecipeOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  PlanCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (Workspace workspace =
        options.open(
            context,
            Optional.of(recipe),
            Optional.empty(),
            new Wanted(name, false),
            Severity.NOTE)) {
      List<Output> outputs = workspace.outputs();
      if (json) {
        checkOne(outputs);
      }
      var messages = new Messages(context.terminal());
      boolean first = true;
      for (Output output : outputs) {
        Plan plan = workspace.plan(output, limits.limits());
        messages.print(workspace.contentWarnings(output));
        if (json) {
          context.terminal().print(PlanJson.of(plan));
        } else {
          if (!first) {
            context.terminal().print("");
          }
          print(context.terminal(), output, plan);
        }
        first = false;
      }
    }
    return ExitStatus.DONE;
  }

  /** A plan as JSON has one target. */
  static void checkOne(List<Output> outputs) {
    if (outputs.size() > 1) {
      throw new ProblemException(
          new RunProblem.SeveralPlans(outputs.stream().map(Output::name).toList()));
    }
  }

  /** The plan of an output: heading, formulas, costs, special cases. */
  static void print(Terminal terminal, Output output, Plan plan) {
    terminal.print(
        terminal.paint(Style.HEADING, output.name())
            + ": "
            + plan.model().architecture().label()
            + ", "
            + Quantities.count(plan.outputs().size(), "tensor"));
    terminal.print("");
    PlanText.formulas(plan, terminal.width()).forEach(terminal::print);
    terminal.print("");
    PlanText.costs(plan).forEach(terminal::print);
    List<String> cases = CaseText.lines(plan.model().cases(), terminal.width());
    if (!cases.isEmpty()) {
      terminal.print("");
      cases.forEach(terminal::print);
    }
  }
}
