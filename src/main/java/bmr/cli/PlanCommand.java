package bmr.cli;

import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.diagnostic.Severity;
import bmr.engine.Plan;
import bmr.graph.Meaning;
import bmr.model.Architecture;
import bmr.recipe.Wanted;
import bmr.report.CaseText;
import bmr.report.MeaningJson;
import bmr.report.MeaningText;
import bmr.report.PlanJson;
import bmr.report.PlanText;
import bmr.report.Quantities;
import bmr.report.Style;
import bmr.report.Terminal;
import bmr.sample.ArchitectureKeys;
import bmr.workspace.Reading;
import bmr.workspace.Workspace;
import bmr.workspace.Workspace.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
  /** More are not all listed as JSON: each has coefficients of its own for every block. */
  private static final int MOST_DEFINITIONS = 1000;

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

  @Option(
      names = "--assume-files",
      description = {
        "Take names that no file has for models, though",
        "folders are given; without any that is so."
      })
  private boolean assume;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description = {"Whose blocks, where no file says: sd1, sd2 or sdxl."})
  private @Nullable Architecture architecture;

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
            recipe,
            new Wanted(name, false),
            Severity.NOTE,
            new Reading(Reading.Files.WHERE_KNOWN, assume, architecture()))) {
      boolean complete = workspace.missing().isEmpty();
      List<Output> outputs =
          json ? workspace.outputsOrEnds() : complete ? workspace.outputs() : List.of();
      var messages = new Messages(context.terminal());
      if (json) {
        Optional<String> plan = Optional.empty();
        if (complete && outputs.size() == 1) {
          Plan made = workspace.plan(outputs.getFirst(), limits.limits());
          Optional<Extraction> extraction = Extraction.of(workspace, outputs.getFirst(), made);
          plan = Optional.of(PlanJson.of(extraction.map(Extraction::plan).orElse(made)));
          messages.print(workspace.contentWarnings(outputs.getFirst()));
        }
        printJson(workspace, outputs, plan);
        return ExitStatus.DONE;
      }
      if (!complete) {
        printMeaning(workspace);
        return ExitStatus.DONE;
      }
      boolean first = true;
      for (Output output : outputs) {
        Plan plan = workspace.plan(output, limits.limits());
        messages.print(workspace.contentWarnings(output));
        if (!first) {
          context.terminal().print("");
        }
        Optional<Extraction> extraction = Extraction.of(workspace, output, plan);
        print(
            context.terminal(), output, extraction.map(Extraction::plan).orElse(plan), extraction);
        first = false;
      }
      ExpectationRun.list(
          context.terminal(), ExpectationRun.of(workspace.recipe(), new Wanted(name, false)));
    }
    return ExitStatus.DONE;
  }

  private Optional<Architecture> architecture() {
    return Optional.ofNullable(architecture);
  }

  /** The wanted definition, by the name that was found rather than the one typed; or all. */
  private List<Integer> models(Workspace workspace, Set<String> found) {
    return IntStream.range(0, workspace.recipe().models().size())
        .filter(i -> name.isEmpty() || found.contains(workspace.recipe().models().get(i).name()))
        .boxed()
        .toList();
  }

  private Meaning meaning(Workspace workspace, List<Integer> models) {
    return workspace.meaning(models, ArchitectureKeys.of(workspace.architecture()));
  }

  private void printJson(Workspace workspace, List<Output> outputs, Optional<String> plan) {
    Set<String> saved = outputs.stream().map(Output::name).collect(Collectors.toSet());
    outputs.forEach(output -> workspace.checkFitted(output.name()));
    List<Integer> models =
        models(workspace, saved).stream()
            .filter(i -> workspace.unknowns(workspace.recipe().models().get(i).name()).isEmpty())
            .toList();
    if (name.isEmpty() && models.size() > MOST_DEFINITIONS) {
      models =
          models.stream()
              .filter(i -> saved.contains(workspace.recipe().models().get(i).name()))
              .toList();
    }
    context
        .terminal()
        .print(
            MeaningJson.of(
                Program.version(),
                String.valueOf(recipe.getFileName()),
                meaning(workspace, models),
                workspace.missing().isEmpty(),
                saved,
                plan));
  }

  private void printMeaning(Workspace workspace) {
    Set<String> wanted =
        workspace.outputsOrEnds().stream().map(Output::name).collect(Collectors.toSet());
    wanted.stream().sorted().forEach(workspace::checkFitted);
    List<Integer> models =
        IntStream.range(0, workspace.recipe().models().size())
            .filter(i -> wanted.contains(workspace.recipe().models().get(i).name()))
            .boxed()
            .toList();
    Terminal terminal = context.terminal();
    for (Meaning.Definition definition : meaning(workspace, models).definitions()) {
      terminal.print(
          terminal.paint(Style.HEADING, definition.name())
              + ": "
              + workspace.architecture().label());
      terminal.print("");
      MeaningText.formulas(definition, terminal.width()).forEach(terminal::print);
      terminal.print("");
    }
    terminal.print(
        Quantities.count(workspace.missing().size(), "file")
            + " not known: bytes and memory are told when all are there.");
  }

  /** A plan as JSON has one target. */
  static void checkOne(List<Output> outputs) {
    if (outputs.size() > 1) {
      throw new ProblemException(
          new RunProblem.SeveralPlans(outputs.stream().map(Output::name).toList()));
    }
  }

  /** The plan of an output: heading, formulas, costs, special cases. */
  static void print(Terminal terminal, Output output, Plan plan, Optional<Extraction> extraction) {
    terminal.print(
        terminal.paint(Style.HEADING, output.name())
            + ": "
            + plan.model().architecture().label()
            + ", "
            + Quantities.count(plan.outputs().size(), "tensor"));
    terminal.print("");
    PlanText.formulas(plan, terminal.width()).forEach(terminal::print);
    terminal.print("");
    extraction.ifPresent(lora -> terminal.print(lora.text()));
    PlanText.costs(plan).forEach(terminal::print);
    List<String> cases = CaseText.lines(plan.model().cases(), terminal.width());
    if (!cases.isEmpty()) {
      terminal.print("");
      cases.forEach(terminal::print);
    }
  }
}
