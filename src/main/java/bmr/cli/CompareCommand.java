package bmr.cli;

import bmr.analysis.Similarity;
import bmr.analysis.Similarity.Comparison;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.diagnostic.Severity;
import bmr.graph.FoldedModel;
import bmr.model.Architecture;
import bmr.recipe.Wanted;
import bmr.report.ComparisonText;
import bmr.report.ProgressBar;
import bmr.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr compare}. */
@Command(
    name = "compare",
    sortOptions = false,
    header = "Say how alike two models are, block by block.",
    description = {
      "",
      "Cosine similarity and relative distance |A-B| / |B|, for each block and in",
      "total. A and B are files, or names in a recipe: a model that was never saved",
      "is compared without being written.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr compare mix.safetensors other.safetensors",
      "  bmr compare TEMP7 BracingEvoMix_v1 --recipe post.bmr --on OUT",
    })
final class CompareCommand implements Callable<Integer> {
  private final Context context;

  @Parameters(index = "0", paramLabel = "A", description = "The model to judge.")
  private String left = "";

  @Parameters(index = "1", paramLabel = "B", description = "What it is compared with.")
  private String right = "";

  @Option(
      names = "--on",
      paramLabel = "BLOCKS",
      description = "Only these: OUT, IN+M00, OUT03-OUT05, BASE, UNET.",
      converter = BlockSelection.Converter.class)
  private BlockSelection blocks = BlockSelection.ALL;

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      description = "The recipe whose names A and B may be.")
  private Optional<Path> recipe = Optional.empty();

  @Option(names = "--json", description = "The same as JSON, for other programs.")
  private boolean json;

  @Mixin private final RecipeOptions options = new RecipeOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  CompareCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (recipe.isEmpty()) {
      return compare(Optional.empty());
    }
    try (Workspace workspace =
        options.open(
            context,
            recipe,
            Optional.empty(),
            new Wanted(Optional.empty(), true),
            Severity.ERROR)) {
      return compare(Optional.of(workspace));
    }
  }

  private int compare(Optional<Workspace> workspace) {
    try (var comparands = new Comparands(workspace)) {
      List<Architecture> own = options.architectures(context);
      comparands.add(context, left, own);
      comparands.add(context, right, own);
      Comparison comparison = blocks.on(compare(comparands));
      if (comparison.blocks().isEmpty()) {
        throw new ProblemException(new RunProblem.NothingInCommon(blocks.text()));
      }
      if (json) {
        context.terminal().print(ComparisonText.json(comparison));
      } else {
        ComparisonText.table(comparison, context.terminal()).forEach(context.terminal()::print);
      }
    }
    return ExitStatus.DONE;
  }

  private Comparison compare(Comparands comparands) {
    List<FoldedModel> models = comparands.models();
    try (var bar = new ProgressBar(context.terminal(), "comparing")) {
      return Similarity.compare(
              List.of(models.getFirst()),
              models.getLast(),
              comparands.sources(),
              limits.limits(),
              bar,
              context.cancelled())
          .getFirst();
    }
  }
}
