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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
      ""
    },
    footer = {
      "",
      "Example:",
      "  bmr models ~/stable-diffusion-webui/models",
    })
final class ModelsCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Folders, searched with all below, or files.")
  private List<Path> folders = new ArrayList<>();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  ModelsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var library = ModelLibrary.of(folders.stream().map(context::resolve).toList());
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
