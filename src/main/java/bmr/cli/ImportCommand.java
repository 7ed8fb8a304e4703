package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.diagnostic.ImportProblem;
import bmr.diagnostic.ProblemException;
import bmr.interchange.Imported;
import bmr.interchange.Importer;
import bmr.interchange.PictureText;
import bmr.interchange.PublishedForm;
import bmr.report.Quantities;
import bmr.source.SourceText;
import bmr.syntax.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr import}. */
@Command(
    name = "import",
    sortOptions = false,
    header = "Turn a published recipe into a script.",
    description = {
      "",
      "Reads what others publish: posts, lists, what web UIs print. What is not",
      "understood stays as a comment with its reason; what can be read in several",
      "ways becomes a question at its line, never a guess.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr import post.txt -o post.bmr",
      "  bmr import merged.safetensors      the recipe that the file carries",
      "  bmr import picture.png             the merge that its model's name tells",
      "  bmr import - < post.txt            the script goes to standard output",
      "",
      "Exit status: 0 if a script was made, 1 if nothing could be understood.",
    })
final class ImportCommand implements Callable<Integer> {
  /** So many bytes of text are read. */
  private static final int LARGEST = 64 << 20;

  private final Context context;

  @Parameters(paramLabel = "FILE", description = "The published text, or - for standard input.")
  private Path file = Path.of("");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "The script to write; standard output by default.")
  private @Nullable Path output;

  @Option(
      names = "--from",
      paramLabel = "FORM",
      description = {
        "How it was published, if that is not found out: post, table, supermerger,",
        "history, file-name, mecha, mergekit, scripter."
      })
  private @Nullable PublishedForm form;

  @Option(names = "--overwrite", description = "Replace OUT if it exists.")
  private boolean overwrite;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  ImportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Path asked = output;
    Path target = asked == null ? null : context.resolve(asked);
    if (target != null && Files.exists(target) && !overwrite) {
      throw new CommandFailure("`" + asked + "` exists", Optional.of("`--overwrite` replaces it"));
    }
    Optional<Imported> read =
        file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")
            ? fromMetadata()
            : Importer.read(published(), Optional.ofNullable(form));
    Imported imported =
        read.orElseThrow(() ->
            new CommandFailure(
                "no merge step was understood in `" + file + "`",
                Optional.of("`--from` says how it was published")));
    new Messages(context.terminal()).print(imported.findings());
    if (target == null || asked == null) {
      context.terminal().out().print(imported.script());
      context.terminal().out().flush();
    } else {
      TextOutput.write(target, asked.toString(), overwrite, imported.script());
    }
    context.terminal().say(summary(imported));
    return ExitStatus.DONE;
  }

  /** The text of the file or of standard input; of a picture the text that it carries. */
  private SourceText published() throws IOException {
    boolean piped = file.toString().equals("-");
    Path path = context.resolve(file);
    if (!piped && !Files.isRegularFile(path)) {
      return Parser.read(path, file.toString()); // says what is wrong with it
    }
    try (InputStream in = piped ? context.in() : Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new ProblemException(new ImportProblem.TooMuchText(name(piped), LARGEST));
      }
      if (PictureText.isPicture(bytes)) {
        return PictureText.of(bytes)
            .map(text -> SourceText.of(name(piped), text))
            .orElseThrow(() -> new ProblemException(new ImportProblem.SilentPicture(name(piped))));
      }
      SourceText text = SourceText.decode(name(piped), bytes);
      if (text.text().indexOf('\0') >= 0) {
        throw new ProblemException(new ImportProblem.NoText(name(piped)));
      }
      return text;
    }
  }

  private String name(boolean piped) {
    return piped ? "standard input" : file.toString();
  }

  private Optional<Imported> fromMetadata() {
    try (Checkpoint model = Checkpoint.open(context.resolve(file))) {
      return Importer.read(file.toString(), model.metadata());
    }
  }

  private static String summary(Imported imported) {
    long models = imported.script().lines().filter(line -> line.startsWith("model ")).count();
    String names = Quantities.count(models, "model") + " to find";
    return imported.questions() == 0
        ? names + "; no question is left"
        : names
            + "; "
            + Quantities.count(imported.questions(), "question")
            + " left: look for `# question`";
  }
}
