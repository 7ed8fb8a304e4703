package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.ModelFacts;
import bmr.checkpoint.ModelLibrary;
import bmr.checkpoint.OwnArchitectures;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.ProblemException;
import bmr.model.Architecture;
import bmr.report.ModelList;
import bmr.report.ModelTable;
import bmr.workspace.UserLibrary;
import java.io.IOException;
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
      "v-prediction, EMA copies, licences. LoRA and VAE files stand apart, and files",
      "that are no models are told with the reason. Only headers are read, so it is",
      "quick; hashes are shown where they are known already.",
      "",
      "With --for, candidates for the models whose files a recipe leaves open, best",
      "first: the lines `model NAME = ?` that `bmr import` writes.",
      "",
      "Folders that were added with --add are searched by every command, after those",
      "that are named; without DIR they are listed.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr models ~/stable-diffusion-webui",
      "  bmr models --add ~/stable-diffusion-webui     from now on, for every command",
      "  bmr models --for post.bmr ~/models            which file is `NAI full`?",
      "  bmr models --for post.bmr ~/models --write    fill in what is beyond doubt",
    })
final class ModelsCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = {
        "Folders, searched with all below, or files; of a web",
        "UI's folder only where it keeps models."
      })
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

  @Option(
      names = "--hash",
      description = "Compute the hashes that are not known yet, and keep them.")
  private boolean hash;

  @Option(names = "--why", description = "Say how each architecture is known.")
  private boolean why;

  @Option(
      names = "--network",
      paramLabel = "FILE",
      description = "A description of an architecture of your own.")
  private List<Path> architectureFiles = new ArrayList<>();

  @Option(names = "--json", description = "The same as JSON, for other programs.")
  private boolean json;

  @Option(names = "--add", paramLabel = "DIR", description = "Search this folder from now on.")
  private List<Path> added = new ArrayList<>();

  @Option(names = "--remove", paramLabel = "DIR", description = "Search it no longer.")
  private List<Path> removed = new ArrayList<>();

  @Option(names = "--folders", description = "List the folders that were added.")
  private boolean list;

  @Spec private CommandSpec spec = CommandSpec.create();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  ModelsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (list || !added.isEmpty() || !removed.isEmpty()) {
      if (!folders.isEmpty() || recipe != null || hash || json) {
        throw new ParameterException(
            spec.commandLine(), "--add, --remove and --folders go with nothing else");
      }
      return new UserFolders(context).change(added, removed);
    }
    List<Path> places = new ArrayList<>(folders);
    places.addAll(others);
    Path script = recipe;
    if (script != null) {
      return new OpenModels(context, script).answer(places, write);
    }
    List<Diagnostic> notes = new ArrayList<>();
    UserLibrary user = context.user();
    ModelLibrary library = library(places, user, notes);
    library.notes().stream().map(Diagnostic::of).forEach(notes::add);
    new Messages(context.terminal()).print(notes);
    List<Architecture> own =
        architectureFiles.stream().map(context::resolve).map(OwnArchitectures::read).toList();
    var models = new ModelList();
    for (ModelLibrary.Entry entry : library.entries()) {
      if (context.cancelled().getAsBoolean()) {
        throw new CancellationException();
      }
      add(entry, own, user, models);
    }
    if (json) {
      context.terminal().print(models.json());
    } else {
      new ModelTable(models, why).lines(context.terminal()).forEach(context.terminal()::print);
    }
    return ExitStatus.DONE;
  }

  private ModelLibrary library(List<Path> places, UserLibrary user, List<Diagnostic> notes) {
    if (!places.isEmpty()) {
      return ModelLibrary.of(places.stream().map(context::resolveFolder).toList(), user.hashes());
    }
    if (user.folders().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'DIR'");
    }
    return user.after(ModelLibrary.empty(), notes);
  }

  private void add(
      ModelLibrary.Entry entry, List<Architecture> own, UserLibrary user, ModelList models) {
    Path path = entry.file().path();
    try (Checkpoint file = Checkpoint.open(path, own)) {
      var description = CheckpointDescription.of(file);
      if (hash && ModelFacts.isHashable(description)) {
        user.hashes().hash(ModelFacts.kind(description), path);
      }
      models.add(description, ModelFacts.of(description, user.hashes()));
    } catch (ProblemException e) {
      models.addUnreadable(path, e.diagnostics().getFirst().problem());
    } catch (IOException e) {
      models.addUnreadable(path, new bmr.diagnostic.FileProblem.Unreadable(path, "reading failed"));
    }
  }
}
