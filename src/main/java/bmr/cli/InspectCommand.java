package bmr.cli;

import bmr.analysis.NonFiniteValues;
import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.CheckpointDescription;
import bmr.checkpoint.OwnArchitectures;
import bmr.checkpoint.PositionIds;
import bmr.model.Architecture;
import bmr.report.InspectionText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr inspect}. */
@Command(
    name = "inspect",
    sortOptions = false,
    header = "Show what is in a model file.",
    description = {
      "",
      "Architecture, types, parts, blocks with tensors and parameters, metadata, and",
      "what is unusual: damaged position_ids, EMA copies, leftovers of training.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr inspect mix.safetensors",
      "  bmr inspect mix.safetensors --nan    reads the whole file",
    })
final class InspectCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(paramLabel = "FILE", description = "The model file, or a Diffusers folder.")
  private Path file = Path.of("");

  @Option(
      names = "--network",
      paramLabel = "FILE",
      description = "A description of an architecture of your own.")
  private List<Path> architectureFiles = new ArrayList<>();

  @Option(names = "--nan", description = "Count values that are NaN or infinite, too.")
  private boolean nonFinite;

  @Option(names = "--json", description = "The same as JSON, for other programs.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  InspectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    List<Architecture> own =
        architectureFiles.stream().map(context::resolve).map(OwnArchitectures::read).toList();
    try (Checkpoint checkpoint = Checkpoint.open(context.resolve(file), own)) {
      Optional<SequencedMap<String, Long>> counts =
          nonFinite
              ? Optional.of(NonFiniteValues.count(checkpoint, context.cancelled()))
              : Optional.empty();
      var text =
          new InspectionText(
              CheckpointDescription.of(checkpoint), PositionIds.read(checkpoint), counts);
      if (json) {
        context.terminal().print(text.json());
      } else {
        text.lines(context.terminal()).forEach(context.terminal()::print);
      }
    }
    return ExitStatus.DONE;
  }
}
