package bmr.cli;

import bmr.analysis.Measure;
import bmr.analysis.ModelComparison;
import bmr.analysis.TableSimilarity;
import bmr.analysis.Tables;
import bmr.diagnostic.ProblemException;
import bmr.diagnostic.RunProblem;
import bmr.diagnostic.Severity;
import bmr.engine.Progress;
import bmr.graph.FoldedModel;
import bmr.model.Architecture;
import bmr.recipe.Wanted;
import bmr.report.ProgressBar;
import bmr.report.SimilarityText;
import bmr.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code bmr compare}. */
@Command(
    name = "compare",
    sortOptions = false,
    header = "Say how alike models are, block by block.",
    description = {
      "",
      "Cosine similarity and relative distance |A-B| / |B|, for each block and in",
      "total. A and B are files, or names in a recipe: a model that was never saved",
      "is compared without being written. Relative to a base, such as the model that",
      "both were made from, a similarity says much more. Three models or more give a",
      "table of all pairs.",
      "",
      "The models are read once: a table of their inner products is kept, and answers",
      "the next question about them at once.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr compare mix.safetensors other.safetensors",
      "  bmr compare TEMP7 BracingEvoMix_v1 --recipe post.bmr --on OUT",
      "  bmr compare a.safetensors b.safetensors --relative-to v1-5.safetensors",
    })
final class CompareCommand implements Callable<Integer> {
  /** What nearly all SD 1.x models were trained from. */
  private static final List<String> BASES = List.of("v1-5-pruned", "v1-5-pruned-emaonly");

  private final Context context;

  @Parameters(index = "0", paramLabel = "A", description = "The model to judge.")
  private String left = "";

  @Parameters(index = "1", paramLabel = "B", description = "What it is compared with.")
  private String right = "";

  @Parameters(index = "2..*", arity = "0..*", paramLabel = "C", description = "More: all pairs.")
  private List<String> more = new ArrayList<>();

  @Option(
      names = "--on",
      paramLabel = "BLOCKS",
      description = {
        "Only these: OUT, IN+M00, OUT03-OUT05, BASE, UNET;",
        "CLIP, VAE; patterns of keys: *attn1*."
      },
      converter = TensorSelection.Converter.class)
  private TensorSelection selection = TensorSelection.ALL;

  @Option(
      names = "--relative-to",
      paramLabel = "NAME",
      description = {
        "The base, a file or a name: compares what was made",
        "of it. A recipe's v1-5-pruned is taken unasked."
      })
  private Optional<String> base = Optional.empty();

  @Option(
      names = "--measure",
      paramLabel = "MEASURE",
      split = ",",
      description = {
        "cosine, distance, relative_cosine,",
        "relative_distance, centred_cosine, mean_cosine,",
        "least_cosine, norm_ratio; may be given again."
      },
      converter = MeasureConverter.class)
  private List<Measure> measures = new ArrayList<>();

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      description = "The recipe whose names A and B may be.")
  private Optional<Path> recipe = Optional.empty();

  @Option(names = "--no-table", description = "Read the models, whatever is known of them.")
  private boolean noTable;

  @Option(names = "--json", description = "The same as JSON, for other programs.")
  private boolean json;

  @Option(names = "--csv", description = "The same as comma-separated values.")
  private boolean csv;

  @Option(names = "--markdown", description = "The same as a table for web pages.")
  private boolean markdown;

  @Mixin private final CacheOptions cache = new CacheOptions();
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
    var names = new ArrayList<>(List.of(left, right));
    names.addAll(more);
    Optional<String> origin = base.or(() -> workspace.flatMap(open -> knownBase(open, names)));
    try (var comparands = new Comparands(workspace)) {
      List<Architecture> own = options.architectures(context);
      names.forEach(name -> comparands.add(context, name, own));
      origin.ifPresent(name -> comparands.add(context, name, own));
      List<FoldedModel> models = comparands.models();
      Optional<FoldedModel> relative =
          origin.isPresent() ? Optional.of(models.getLast()) : Optional.empty();
      List<Measure> columns = columns(relative.isPresent());
      List<FoldedModel> compared = models.subList(0, names.size());
      if (names.size() > 2) {
        double[][] values = matrix(comparands, models, compared, relative, columns.getFirst());
        print(compared, values, columns.getFirst());
      } else {
        print(pair(comparands, models, relative), columns);
      }
      if (!json && !csv && !markdown) {
        relative.ifPresent(model -> context.terminal().print("relative to " + model.name()));
      }
    }
    return ExitStatus.DONE;
  }

  /** A base among the recipe's sources, unless it is what is compared. */
  static Optional<String> knownBase(Workspace workspace, List<String> compared) {
    return workspace.recipe().sources().stream()
        .map(source -> source.name())
        .filter(name -> BASES.contains(name) && !compared.contains(name))
        .findFirst();
  }

  private List<Measure> columns(boolean relative) {
    if (!measures.isEmpty()) {
      return measures;
    }
    return standard(relative);
  }

  /** What is told where nobody asks for measures. */
  static List<Measure> standard(boolean relative) {
    return relative
        ? List.of(
            Measure.RELATIVE_COSINE, Measure.RELATIVE_DISTANCE, Measure.COSINE, Measure.DISTANCE)
        : List.of(Measure.COSINE, Measure.DISTANCE);
  }

  private TableSimilarity similarity(
      Comparands comparands, List<FoldedModel> models, Progress reading, Progress comparing) {
    return noTable
        ? Tables.streaming(comparands.sources(), limits.limits(), comparing, context.cancelled())
        : Tables.similarity(
            models,
            comparands.sources(),
            cache.tables(),
            limits.limits(),
            reading,
            comparing,
            context.cancelled());
  }

  private ModelComparison compare(
      TableSimilarity similarity,
      FoldedModel model,
      FoldedModel target,
      Optional<FoldedModel> relative) {
    ModelComparison comparison =
        similarity.compare(model, target, relative).on(selection.tensors());
    if (comparison.tensors().isEmpty()) {
      throw new ProblemException(new RunProblem.NothingInCommon(selection.text()));
    }
    return comparison;
  }

  private ModelComparison pair(
      Comparands comparands, List<FoldedModel> models, Optional<FoldedModel> relative) {
    try (var reading = new ProgressBar(context.terminal(), "reading");
        var comparing = new ProgressBar(context.terminal(), "comparing")) {
      return compare(
          similarity(comparands, models, reading, comparing),
          models.get(0),
          models.get(1),
          relative);
    }
  }

  private void print(ModelComparison comparison, List<Measure> columns) {
    if (json) {
      context.terminal().print(SimilarityText.json(comparison, columns));
    } else if (csv) {
      SimilarityText.csv(comparison, columns).forEach(context.terminal()::print);
    } else if (markdown) {
      SimilarityText.markdown(comparison, columns).forEach(context.terminal()::print);
    } else {
      context.terminal().say(how(comparison));
      SimilarityText.table(comparison, columns, context.terminal())
          .forEach(context.terminal()::print);
    }
  }

  private static String how(ModelComparison comparison) {
    if (comparison.streamed() == 0) {
      return "answered by the table of inner products";
    }
    return comparison.streamed() >= comparison.tensors().size()
        ? "answered by reading both models"
        : "answered by the table of inner products, but for "
            + comparison.streamed()
            + " tensors that were read";
  }

  /** The totals of all pairs, row against column. */
  private double[][] matrix(
      Comparands comparands,
      List<FoldedModel> models,
      List<FoldedModel> compared,
      Optional<FoldedModel> relative,
      Measure measure) {
    int count = compared.size();
    var values = new double[count][count];
    try (var reading = new ProgressBar(context.terminal(), "reading");
        var comparing = new ProgressBar(context.terminal(), "comparing")) {
      TableSimilarity similarity = similarity(comparands, models, reading, comparing);
      for (int row = 0; row < count; row++) {
        for (int column = 0; column < count; column++) {
          values[row][column] =
              compare(similarity, compared.get(row), compared.get(column), relative)
                  .total()
                  .value(measure);
        }
      }
    }
    return values;
  }

  private void print(List<FoldedModel> models, double[][] values, Measure measure) {
    List<String> names = models.stream().map(FoldedModel::name).toList();
    if (json) {
      context.terminal().print(SimilarityText.matrixJson(names, measure, values));
      return;
    }
    if (csv || markdown) {
      SimilarityText.matrixRows(names, measure, values, markdown)
          .forEach(context.terminal()::print);
      return;
    }
    context.terminal().print(measure.word() + (measure.isShare() ? ", in percent" : ""));
    SimilarityText.matrix(names, measure, values, context.terminal())
        .forEach(context.terminal()::print);
  }

  /** For picocli. */
  static final class MeasureConverter implements ITypeConverter<Measure> {
    @Override
    public Measure convert(String text) {
      return Measure.named(text)
          .orElseThrow(() ->
              new TypeConversionException(
                  "`"
                      + text
                      + "` is no measure: write "
                      + Arrays.stream(Measure.values())
                          .map(Measure::word)
                          .collect(Collectors.joining(", "))));
    }
  }
}
