package bmr.cli;

import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.diagnostic.Severity;
import bmr.engine.Materializer;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.engine.RunReport;
import bmr.provenance.MetadataLevel;
import bmr.recipe.Recipe.SaveRequest;
import bmr.recipe.Wanted;
import bmr.report.PlanJson;
import bmr.report.ProgressBar;
import bmr.report.Terminal;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import bmr.syntax.tree.Statement;
import bmr.workspace.Workspace;
import bmr.workspace.Workspace.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr run}. */
@Command(
    name = "run",
    sortOptions = false,
    header = "Make the models that a recipe or a formula describes.",
    customSynopsis = {
      "bmr run RECIPE [OPTIONS]",
      "       bmr run -e FORMULA -o FILE [OPTIONS]",
    },
    description = {
      "",
      "All steps of a recipe fold into one pass: only what the result needs is read,",
      "and each number is rounded once. The file appears whole or not at all.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr run post.bmr --models ~/models",
      "  bmr run post.bmr --only \"BlessingMix V1\" --dry-run",
      "  bmr run -e \"dreamshaper_8 x 0.7 + epicrealism x 0.3\" -o mix.safetensors",
      "  bmr run -e \"sd-v1-5-inpainting + (Mine - v1-5) x 1\" -o mine.safetensors",
      "",
      "Exit status: 0 done, 1 recipe or files at fault, 2 wrong usage, 130 stopped.",
    })
final class RunCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "The recipe, a .bmr file.")
  private Optional<Path> recipe = Optional.empty();

  @Option(
      names = "-e",
      paramLabel = "FORMULA",
      description = {
        "A formula instead of a recipe. Without --models,",
        "models are looked for in the current folder."
      })
  private Optional<String> formula = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write, where there is one model.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "The folder to write into; by default where the",
        "recipe stands, with -e the current one."
      })
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "Make this definition, whatever the recipe saves.")
  private Optional<String> only = Optional.empty();

  @Option(names = "--all", description = "Make every definition of the recipe.")
  private boolean all;

  @Option(names = "--overwrite", description = "Replace a file that is there.")
  private boolean overwrite;

  @Option(names = "--force", description = "Make it again, even if it is up to date.")
  private boolean force;

  @Option(names = "--allow-nan", description = "Write values that are NaN or infinite, too.")
  private boolean allowNonFinite;

  @Option(names = "--dry-run", description = "Show the plan and stop.")
  private boolean dryRun;

  @Option(
      names = "--metadata",
      paramLabel = "none|minimal|full",
      description = {
        "What the file tells about its making: nothing, its",
        "kind, or recipe and sources too (the default)."
      })
  private MetadataLevel metadata = MetadataLevel.FULL;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but warnings and errors.")
  private boolean quiet;

  @Option(names = "--json", description = "The summary as JSON; with --dry-run, the plan.")
  private boolean json;

  @Mixin private final RecipeOptions options = new RecipeOptions();
  @Mixin private final CacheOptions cache = new CacheOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    checkUsage();
    Severity least = quiet ? Severity.WARNING : Severity.NOTE;
    try (Workspace workspace =
        options.open(context, recipe, formula, new Wanted(only, all), least)) {
      List<Output> outputs = workspace.outputs();
      List<Diagnostic> differences = workspace.unsaidDifferences(outputs);
      if (!differences.isEmpty()) {
        throw new ProblemException(differences);
      }
      List<Job> jobs = jobs(workspace, outputs);
      if (dryRun) {
        dryRun(jobs);
        if (!json) {
          ExpectationRun.list(
              context.terminal(), ExpectationRun.of(workspace.recipe(), new Wanted(only, all)));
        }
        return ExitStatus.DONE;
      }
      // every target is looked at before the first tensor is read
      var messages = new Messages(context.terminal());
      for (Job job : jobs) {
        messages.print(workspace.contentWarnings(job.output()));
        job.target().check(workspace.sources(), overwrite || force);
      }
      ExpectationRun expectations =
          ExpectationRun.of(
              context,
              workspace,
              ExpectationRun.of(workspace.recipe(), new Wanted(only, all)),
              cache,
              limits.limits());
      expectations.demand();
      var results = new ArrayList<RunResult>();
      for (Job job : jobs) {
        RunResult result = job.make(workspace);
        if (!quiet && !json) {
          result.print(context.terminal());
        }
        results.add(result);
      }
      if (json) {
        context.terminal().print(RunResult.json(results));
      }
      if (!quiet && !json) {
        expectations.print(context.terminal());
        if (only.isEmpty()) {
          ComparisonRun.print(context, workspace, cache, limits.limits());
        }
      }
      List<Diagnostic> unmet = expectations.unmet();
      if (!unmet.isEmpty()) {
        messages.print(unmet);
        return ExitStatus.FAULT;
      }
    }
    return ExitStatus.DONE;
  }

  private void checkUsage() {
    if (recipe.isPresent() == formula.isPresent()) {
      throw usage("say what to run: a RECIPE, or -e and a formula");
    }
    if (formula.isPresent() && file.isEmpty() && !namesItsResult(formula.get())) {
      throw usage("the formula needs a name for its file: add -o FILE");
    }
    if (all && only.isPresent()) {
      throw usage("--all and --only exclude each other");
    }
    if (all && file.isPresent()) {
      throw usage("-o names one file, --all makes several: use --out DIR");
    }
  }

  private static boolean namesItsResult(String formula) {
    var text = SourceText.of("-e", formula);
    return !Parser.parseExpression(text).diagnostics().isEmpty()
        && Parser.parse(text).script().statements().stream()
            .anyMatch(statement -> statement instanceof Statement.Definition);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<Job> jobs(Workspace workspace, List<Output> outputs) {
    if (file.isPresent() && outputs.size() > 1) {
      throw new ProblemException(new RunProblem.OneFileForSeveral(outputs.size()));
    }
    var jobs = new ArrayList<Job>();
    for (Output output : outputs) {
      Plan plan = workspace.plan(output, limits.limits());
      Map<String, String> written = workspace.metadata(output, plan, metadata, Program.version());
      OptionalLong shardBytes =
          output.request().map(SaveRequest::shardBytes).orElse(OptionalLong.empty());
      boolean telling = metadata == MetadataLevel.FULL;
      Path path = targetOf(output);
      Optional<Extraction> extraction = Extraction.of(workspace, output, plan);
      if (extraction.isPresent()) {
        Plan own = extraction.get().plan();
        Map<String, String> fields = extraction.get().layers().metadata(written);
        jobs.add(
            new Job(
                output,
                own,
                extraction,
                new RunTarget(path, own, fields, OptionalLong.empty(), telling, force)));
        continue;
      }
      jobs.add(
          new Job(
              output,
              plan,
              extraction,
              new RunTarget(path, plan, written, shardBytes, telling, force)));
    }
    return jobs;
  }

  private Path targetOf(Output output) {
    if (file.isPresent()) {
      // -o is relative to where the person is, or to --out where that is given as well
      Path named = file.get();
      return folder.isPresent()
          ? context.resolve(folder.get()).resolve(named)
          : context.resolve(named);
    }
    Path base =
        folder
            .map(context::resolve)
            .orElseGet(() -> {
              Path parent = recipe.map(Path::getParent).orElse(null);
              return parent == null ? context.folder() : context.resolve(parent);
            });
    return base.resolve(output.fileName());
  }

  private void dryRun(List<Job> jobs) {
    if (json) {
      PlanCommand.checkOne(jobs.stream().map(Job::output).toList());
      context.terminal().print(PlanJson.of(jobs.getFirst().plan()));
      return;
    }
    for (Job job : jobs) {
      PlanCommand.print(context.terminal(), job.output(), job.plan(), job.extraction());
      context.terminal().print("");
      context.terminal().print("would write " + job.target().path());
    }
  }

  /** One model to make. */
  private final class Job {
    private final Output output;
    private final Plan plan;
    private final Optional<Extraction> extraction;
    private final RunTarget target;

    Job(Output output, Plan plan, Optional<Extraction> extraction, RunTarget target) {
      this.output = output;
      this.plan = plan;
      this.extraction = extraction;
      this.target = target;
    }

    Output output() {
      return output;
    }

    Plan plan() {
      return plan;
    }

    Optional<Extraction> extraction() {
      return extraction;
    }

    RunTarget target() {
      return target;
    }

    RunResult make(Workspace workspace) {
      if (target.upToDate()) {
        return RunResult.upToDate(output.name(), target.path(), plan);
      }
      if (extraction.isPresent()) {
        ExtractedLora lora =
            new ExtractedLora(
                context, workspace, output.name(), extraction.get(), target, !quiet && !json);
        return RunResult.made(output.name(), plan, lora.make(allowNonFinite));
      }
      RunReport report =
          materialize(
              context, workspace, output.name(), plan, target, allowNonFinite, !quiet && !json);
      return RunResult.made(output.name(), plan, report);
    }
  }

  /** Makes a file and shows how far it is. */
  static RunReport materialize(
      Context context,
      Workspace workspace,
      String name,
      Plan plan,
      RunTarget target,
      boolean allowNonFinite,
      boolean showProgress) {
    Terminal terminal = context.terminal();
    try (ProgressBar bar = new ProgressBar(terminal, name)) {
      Progress progress = showProgress ? bar : Progress.NONE;
      return Materializer.write(
          plan,
          workspace.sources(),
          target.layout(),
          allowNonFinite,
          progress,
          context.cancelled());
    }
  }
}
