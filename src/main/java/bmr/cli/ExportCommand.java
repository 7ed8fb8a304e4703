package bmr.cli;

import bmr.diagnostic.Severity;
import bmr.interchange.export.ExportTarget;
import bmr.interchange.export.Exporter;
import bmr.recipe.Wanted;
import bmr.workspace.Reading;
import bmr.workspace.Workspace;
import bmr.workspace.Workspace.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr export}. */
@Command(
    name = "export",
    sortOptions = false,
    header = "Write a recipe for another tool.",
    description = {
      "",
      "Weight sums and differences become what another tool takes: a file for",
      "sd-mecha or mergekit, or numbered steps for SuperMerger or the merger of the",
      "web UI. What the tool cannot do is refused with the reason, never left out.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr export post.bmr --to supermerger --models ~/models",
      "  bmr export post.bmr MIX --to mecha -o mix.mecha --models ~/models",
      "",
      "Exit status: 0 if it was exported, 1 if not.",
    })
final class ExportCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a .bmr file.")
  private Path recipe = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = {"The definition to export; by default what", "`bmr run` would make."})
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TOOL",
      description = "mecha, mergekit, supermerger or a1111.")
  private String tool = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write; standard output by default.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--markdown", description = "Steps for web UIs as Markdown.")
  private boolean markdown;

  @Option(names = "--overwrite", description = "Replace a file that is there.")
  private boolean overwrite;

  @Mixin private final RecipeOptions options = new RecipeOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  ExportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ExportTarget target =
        ExportTarget.named(tool)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "--to takes mecha, mergekit, supermerger or a1111, not `" + tool + "`"));
    String text;
    try (Workspace workspace =
        options.open(
            context,
            recipe,
            new Wanted(name, false),
            Severity.WARNING,
            new Reading(Reading.Files.WHERE_KNOWN, false, Optional.empty()))) {
      List<Output> outputs = workspace.outputs();
      if (outputs.size() > 1) {
        throw new CommandFailure(
            "this recipe saves "
                + outputs.stream()
                    .map(output -> "`" + output.name() + "`")
                    .collect(Collectors.joining(", "))
                + ", and one model is exported at a time",
            Optional.of("choose one of them: `bmr export RECIPE NAME --to " + tool + "`"));
      }
      text =
          Exporter.export(
              workspace.recipe(),
              workspace.architecture(),
              model(workspace, outputs.getFirst().name()),
              target,
              markdown);
    }
    if (file.isPresent()) {
      write(context.resolve(file.get()), text);
    } else {
      // as it is: sd-mecha refuses a file that ends in an empty line
      context.terminal().out().print(text);
      context.terminal().out().flush();
    }
    return ExitStatus.DONE;
  }

  private static int model(Workspace workspace, String name) {
    return IntStream.range(0, workspace.recipe().models().size())
        .filter(i -> workspace.recipe().models().get(i).name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void write(Path path, String text) {
    if (path.toAbsolutePath()
            .normalize()
            .equals(context.resolve(recipe).toAbsolutePath().normalize())
        || path.toString().endsWith(".safetensors")
        || path.toString().endsWith(".ckpt")) {
      throw new CommandFailure(
          "`" + path.getFileName() + "` is the recipe or a model, and is not replaced",
          Optional.of("give -o another name"));
    }
    TextOutput.write(path, file.map(Path::toString).orElse(""), overwrite, text);
  }
}
