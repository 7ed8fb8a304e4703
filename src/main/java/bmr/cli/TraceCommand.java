package bmr.cli;

import bmr.analysis.InnerProductTable;
import bmr.analysis.Tables;
import bmr.analysis.ancestry.Trace;
import bmr.analysis.ancestry.Tracing;
import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.TraceProblem;
import bmr.report.ProgressBar;
import bmr.report.TraceScript;
import bmr.report.TraceText;
import bmr.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr trace}. */
@Command(
    name = "trace",
    sortOptions = false,
    header = "Find out which models went into another one.",
    description = {
      "",
      "Which of the candidates were merged into TARGET, and how much of each, block",
      "by block; what is left over; and a recipe that makes it again. Weights sum",
      "to 1 and may be negative, as adding differences leaves them.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr trace mix.safetensors --from ~/models",
      "  bmr trace mix.safetensors --from A.safetensors B.safetensors -o mix.bmr",
    })
final class TraceCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "TARGET", description = "The model to explain.")
  private Path target = Path.of("");

  @Option(
      names = "--from",
      required = true,
      arity = "1..*",
      paramLabel = "PLACE",
      description = "Candidates: models, or folders of models.")
  private List<Path> places = new ArrayList<>();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = {"Folders in which known bases, such as", "v1-5-pruned, are candidates too."})
  private List<Path> folders = new ArrayList<>();

  @Option(names = "--non-negative", description = "No weight below 0.")
  private boolean nonNegative;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the recipe to this .bmr file.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--overwrite", description = "Replace a file that is there.")
  private boolean overwrite;

  @Option(names = "--json", description = "The same as JSON, for other programs.")
  private boolean json;

  @Mixin private final CacheOptions cache = new CacheOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  TraceCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (var candidates = new TraceCandidates(context.resolve(target))) {
      for (Path place : places) {
        candidates.add(context.resolve(place));
      }
      for (Path folder : folders) {
        candidates.addBases(context.resolve(folder));
      }
      new Messages(context.terminal())
          .print(candidates.notes().stream().map(Diagnostic::of).toList());
      List<Checkpoint> models = candidates.models();
      if (models.size() < 2) {
        throw new ProblemException(new TraceProblem.NoCandidates(models.getLast().name()));
      }
      Trace trace = trace(models);
      String script = file.map(path -> script(trace, models, path)).orElse("");
      if (json) {
        context.terminal().print(TraceText.json(trace));
      } else {
        TraceText.lines(trace, context.terminal()).forEach(context.terminal()::print);
      }
      file.ifPresent(
          path -> TextOutput.write(context.resolve(path), path.toString(), overwrite, script));
    }
    return ExitStatus.DONE;
  }

  private Trace trace(List<Checkpoint> models) {
    InnerProductTable table;
    try (var bar = new ProgressBar(context.terminal(), "tracing")) {
      table =
          cache
              .tables()
              .table(Tables.sources(models), models, limits.limits(), bar, context.cancelled());
    }
    List<Map<String, DType>> types =
        models.stream()
            .map(model ->
                model.tensors().values().stream()
                    .collect(Collectors.toMap(info -> info.key(), info -> info.dtype())))
            .toList();
    return Tracing.of(table, types, nonNegative, TraceCandidates::isBase)
        .orElseThrow(
            () -> new ProblemException(new TraceProblem.NothingShared(models.getLast().name())));
  }

  /** The recipe; it names files below its own folder from there. */
  private String script(Trace trace, List<Checkpoint> models, Path path) {
    Path output = context.resolve(path).toAbsolutePath().normalize();
    if (!output.toString().endsWith(".bmr")) {
      throw new CommandFailure(
          "`" + path + "` is no name of a recipe", Optional.of("give -o a name with .bmr"));
    }
    Path folder = Optional.ofNullable(output.getParent()).orElse(output);
    List<String> files =
        models.stream()
            .map(model -> model.path().toAbsolutePath().normalize())
            .map(model -> model.startsWith(folder) ? folder.relativize(model) : model)
            .map(model -> model.toString().replace('\\', '/'))
            .toList();
    return TraceScript.of(trace, files);
  }
}
