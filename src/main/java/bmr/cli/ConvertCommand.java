package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.DiffusersConfiguration;
import bmr.checkpoint.OutputLayout;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.Severity;
import bmr.engine.Materializer;
import bmr.engine.Plan;
import bmr.engine.Progress;
import bmr.engine.RunReport;
import bmr.report.ProgressBar;
import bmr.report.Quantities;
import bmr.tensor.DType;
import bmr.workspace.Conversion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/** {@code bmr convert}. */
@Command(
    name = "convert",
    sortOptions = false,
    header = "Make a safetensors file or a Diffusers folder of a model.",
    description = {
      "",
      "Reads PyTorch files (.ckpt, .pt, .pth, .bin) without running what is in them,",
      "and writes the same tensors in the same types. EMA copies and leftovers of",
      "training are left out and counted. The file appears whole or not at all.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr convert sd-v1-4-full-ema.ckpt sd-v1-4.safetensors",
      "  bmr convert sd-v1-4-full-ema.ckpt ema.safetensors --ema --dtype f16",
      "  bmr convert model.ckpt model.safetensors --vae kl-f8-anime2.ckpt",
      "  bmr convert model.safetensors pipes/model --layout diffusers",
    })
final class ConvertCommand implements Callable<Integer> {
  /** Types to write in. */
  enum Type {
    F16,
    BF16,
    F32;

    DType dtype() {
      return DType.valueOf(name());
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the result lies on the disk. */
  enum Layout {
    FILE,
    DIFFUSERS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Context context;

  @Parameters(index = "0", paramLabel = "IN", description = "The model file to read.")
  private Path in = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The .safetensors file, or the folder, to write.")
  private Path out = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "f16|bf16|f32",
      description = "The type to write in; by default each tensor's own.")
  private Optional<Type> type = Optional.empty();

  @Option(
      names = "--ema",
      description = {"Take the EMA copies of the U-Net's weights instead", "of the weights."})
  private boolean ema;

  @Option(
      names = "--full",
      description = {"Leave nothing out and repair nothing: EMA copies,", "optimizer and all."})
  private boolean full;

  @Option(
      names = "--vae",
      paramLabel = "FILE",
      description = {
        "Put the VAE of this file, a model or a VAE alone, in",
        "place of the model's."
      })
  private Optional<Path> vae = Optional.empty();

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description = {"file, the default, or diffusers: a folder as that", "has it."})
  private Layout layout = Layout.FILE;

  @Option(
      names = "--config",
      paramLabel = "FOLDER",
      description = {
        "For diffusers: the folder whose configuration and",
        "tokenizers are taken; by default IN, if it is one."
      })
  private Optional<Path> config = Optional.empty();

  @Option(names = "--overwrite", description = "Replace a file that is there.")
  private boolean overwrite;

  @Option(names = "--allow-nan", description = "Write values that are NaN or infinite, too.")
  private boolean allowNonFinite;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but warnings and errors.")
  private boolean quiet;

  @Option(names = "--json", description = "The summary as JSON, for other programs.")
  private boolean json;

  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  ConvertCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (full && ema) {
      throw new ParameterException(spec.commandLine(), "--full and --ema exclude each other");
    }
    if (config.isPresent() && layout == Layout.FILE) {
      throw new ParameterException(spec.commandLine(), "--config belongs to --layout diffusers");
    }
    try (Checkpoint file = Checkpoint.open(context.resolve(in))) {
      if (vae.isEmpty()) {
        return convert(file, Optional.empty());
      }
      try (Checkpoint other = Checkpoint.open(context.resolve(vae.get()))) {
        return convert(file, Optional.of(other));
      }
    }
  }

  private int convert(Checkpoint file, Optional<Checkpoint> other) {
    say(file);
    other.ifPresent(this::say);
    var choices = new Conversion.Choices(full, ema, type.map(Type::dtype));
    Conversion conversion = Conversion.of(file, other, choices);
    Plan plan = conversion.plan(limits.limits());
    RunTarget target = target(file, conversion, plan);
    target.check(conversion.sources(), overwrite);
    RunReport report = write(conversion, plan, target);
    RunResult result = RunResult.made(file.name(), plan, report);
    if (json) {
      context.terminal().print(RunResult.json(List.of(result)));
    } else if (!quiet) {
      result.print(context.terminal());
      if (target.layout().leftOut() > 0) {
        String tensors = Quantities.count(target.layout().leftOut(), "tensor");
        context.terminal().print("left out, as Diffusers has no place for them: " + tensors);
      }
      if (ema) {
        String copies = Quantities.count(conversion.emaUsed(), "weight");
        context.terminal().print("U-Net: " + copies + " taken from the EMA copies");
      }
    }
    return ExitStatus.DONE;
  }

  private RunTarget target(Checkpoint file, Conversion conversion, Plan plan) {
    Path path = context.resolve(out);
    return switch (layout) {
      case FILE ->
          new RunTarget(path, plan, conversion.metadata(), OptionalLong.empty(), false, false);
      case DIFFUSERS -> {
        Optional<Path> given = config.map(context::resolve);
        Optional<Path> own = Optional.of(file.path()).filter(place -> Files.isDirectory(place));
        var configuration = DiffusersConfiguration.of(given.or(() -> own));
        if (configuration.lacksTokenizers() && !quiet) {
          context
              .terminal()
              .say("note: tokenizers are left out; `--config FOLDER` takes those of a model");
        }
        yield RunTarget.folder(
            OutputLayout.diffusers(
                path,
                plan.model().architecture(),
                plan.outputs(),
                conversion.metadata(),
                configuration),
            plan,
            conversion.metadata());
      }
    };
  }

  private void say(Checkpoint file) {
    var notes = new ArrayList<Diagnostic>();
    file.notes().stream()
        .map(Diagnostic::of)
        .filter(note -> !quiet || note.problem().severity() != Severity.NOTE)
        .forEach(notes::add);
    new Messages(context.terminal()).print(notes);
  }

  private RunReport write(Conversion conversion, Plan plan, RunTarget target) {
    try (ProgressBar bar = new ProgressBar(context.terminal(), target.path().toString())) {
      return Materializer.write(
          plan,
          conversion.sources(),
          target.layout(),
          allowNonFinite,
          quiet || json ? Progress.NONE : bar,
          context.cancelled());
    }
  }
}
