package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.report.ModelTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bmr models}. */
@Command(
    name = "models",
    sortOptions = false,
    header = "List the models in folders.",
    description = {
      "",
      "Name, kind, type, size, whether there is a VAE, and what is special: inpainting,",
      "v-prediction, EMA copies. LoRA and VAE files stand apart, and files that are no",
      "models are told with the reason. Only headers are read, so it is quick.",
      "",
      "With --for, candidates for the models whose files a recipe leaves open, best",
      "first: the lines `model NAME = ?` that `bmr import` writes.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr models ~/stable-diffusion-webui/models",
      "  bmr models --for post.bmr ~/models            which file is `NAI full`?",
      "  bmr models --for post.bmr ~/models --write    fill in what is beyond doubt",
    })
final class ModelsCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Folders, searched with all below, or files.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--for",
      paramLabel = "RECIPE",
      description = "Candidates for the open models of this recipe.")
  private @Nullable Path recipe;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "Another way to name a folder, as other commands have it.")
  private List<Path> others = new ArrayList<>();

  @Option(names = "--write", description = "With --for: write sure candidates into the recipe.")
  private boolean write;

  @Spec private CommandSpec spec = CommandSpec.create();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  ModelsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Path> places = new ArrayList<>(folders);
    places.addAll(others);
    Path script = recipe;
    if (script != null) {
      return new OpenModels(context, script).answer(places, write);
    }
    if (places.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'DIR'");
    }
    var library = ModelLibrary.of(places.stream().map(context::resolve).toList());
    new Messages(context.terminal()).print(library.notes().stream().map(Diagnostic::of).toList());
    var table = new ModelTable();
    for (ModelLibrary.Entry entry : library.entries()) {
      if (context.cancelled().getAsBoolean()) {
        throw new CancellationException();
      }
      try (Checkpoint file = Checkpoint.open(entry.file().path())) {
        table.add(CheckpointDescription.of(file));
      } catch (ProblemException e) {
        table.addUnreadable(e.diagnostics().getFirst().problem().message());
      }
    }
    table.lines(context.terminal()).forEach(context.terminal()::print);
    return ExitStatus.DONE;
  }
}
