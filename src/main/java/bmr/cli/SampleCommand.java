package bmr.cli;

import bmr.model.Architecture;
import bmr.report.Quantities;
import bmr.report.Style;
import bmr.report.Table;
import bmr.report.Terminal;
import bmr.sample.SampleLora;
import bmr.sample.SampleModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr sample}. */
@Command(
    name = "sample",
    sortOptions = false,
    header = "Write synthetic models to try things with.",
    description = {
      "",
      "The files have the real key names and no meaning: their numbers are made up,",
      "and their metadata says so. For SD 1.x they are the sources of the Blessing",
      "Mix, with the oddities that real files have.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr sample models",
      "  bmr sample models --lora           and models/Lora/sample_lora.safetensors",
      "  bmr sample bench --scale full      real shapes: 23.5 GB in all",
    })
final class SampleCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "DIR", description = "The folder to write into.")
  private Path folder = Path.of("");

  @Option(
      names = "--scale",
      paramLabel = "tiny|full",
      description = {"tiny, the default: shrunken shapes.", "full: the real shapes, 2.13 GB each."})
  private SampleModels.Scale scale = SampleModels.Scale.TINY;

  @Option(
      names = "--architecture",
      paramLabel = "sd1|sdxl",
      description = "Which kind of model; sd1 by default.")
  private Kind architecture = Kind.SD1;

  @Option(
      names = "--lora",
      description = {
        "A LoRA for them as well, in the folder Lora:",
        "sample_lora or sample_lora_xl."
      })
  private boolean lora;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  SampleCommand(Context context) {
    this.context = context;
  }

  /** The kinds there are samples of. */
  enum Kind {
    SD1(Architecture.SD1),
    SDXL(Architecture.SDXL);

    @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
    private final Architecture architecture;

    Kind(Architecture architecture) {
      this.architecture = architecture;
    }
  }

  @Override
  public Integer call() {
    Path target = context.resolve(folder);
    var samples =
        new ArrayList<SampleModels.Sample>(
            SampleModels.write(target, scale, architecture.architecture));
    if (lora) {
      samples.add(SampleLora.writeInto(target, scale, architecture.architecture));
    }
    print(context.terminal(), samples);
    return ExitStatus.DONE;
  }

  static void print(Terminal terminal, List<SampleModels.Sample> samples) {
    var table =
        new Table(
            Table.Column.left("file"), Table.Column.right("size"), Table.Column.left("special"));
    long total = 0;
    for (SampleModels.Sample sample : samples) {
      table.row(
          String.valueOf(sample.file().getFileName()),
          Quantities.bytes(sample.size()),
          sample.oddity());
      total += sample.size();
    }
    table
        .lines(terminal.width(), text -> terminal.paint(Style.HEADING, text))
        .forEach(terminal::print);
    terminal.print(
        Quantities.count(samples.size(), "file")
            + ", "
            + Quantities.bytes(total)
            + ", all synthetic");
  }
}
