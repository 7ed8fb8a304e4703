package bmr.cli;

import bmr.checkpoint.Checkpoint;
import bmr.checkpoint.CheckpointDescription;
import bmr.engine.Limits;
import bmr.engine.Plan;
import bmr.graph.Meaning;
import bmr.graph.Meaning.Definition;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.SourceModel;
import bmr.report.MeaningText;
import bmr.report.PlanText;
import bmr.report.Quantities;
import bmr.report.RecipePictures;
import bmr.report.ReportPage.Item;
import bmr.report.ReportPage.Section;
import bmr.report.svg.BlockBars;
import bmr.report.svg.GraphPicture;
import bmr.sample.ArchitectureKeys;
import bmr.workspace.Workspace;
import bmr.workspace.Workspace.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a report says of a recipe: graph, formulas, weights, sources and their licences, cost. */
final class RecipeReport {
  /** Wider formulas are cut into lines by the page itself. */
  private static final int NO_LIMIT = 1 << 20;

  private static final int MOST_DEFINITIONS = 200;

  private final Workspace workspace;
  private final Recipe recipe;
  private final List<Output> outputs;
  private final Set<String> saved;
  private final List<Definition> definitions;

  RecipeReport(Workspace workspace) {
    this.workspace = workspace;
    this.recipe = workspace.recipe();
    this.outputs = workspace.outputsOrEnds();
    this.saved = outputs.stream().map(Output::name).collect(Collectors.toSet());
    outputs.forEach(output -> workspace.checkFitted(output.name()));
    List<Integer> models =
        IntStream.range(0, recipe.models().size())
            .filter(i -> workspace.unknowns(recipe.models().get(i).name()).isEmpty())
            .boxed()
            .toList();
    if (models.size() > MOST_DEFINITIONS) {
      models = models.stream().filter(i -> saved.contains(recipe.models().get(i).name())).toList();
    }
    Meaning meaning = workspace.meaning(models, ArchitectureKeys.of(workspace.architecture()));
    this.definitions = meaning.definitions();
  }

  /** The graph of named models. */
  GraphPicture graph() {
    return RecipePictures.graph(recipe, saved, this::anchor, this::note);
  }

  /** Whether a picture of all definitions is of use to anyone. */
  boolean hasGraph() {
    return recipe.models().size() <= MOST_DEFINITIONS;
  }

  private Optional<Definition> definition(int model) {
    String name = recipe.models().get(model).name();
    return definitions.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private String anchor(int model) {
    return definition(model).isPresent() ? "#model-" + (model + 1) : "";
  }

  private String note(int model) {
    return definition(model)
        .map(one -> {
          List<String> lines = MeaningText.formulas(one, NO_LIMIT);
          return lines.size() == 1
              ? lines.getFirst().replaceFirst("^all blocks: ", "")
              : lines.size() + " formulas by block";
        })
        .orElse("");
  }

  /** The sections in the order of the page. */
  List<Section> sections(Limits limits) {
    var sections = new ArrayList<Section>();
    if (hasGraph() && !recipe.models().isEmpty()) {
      sections.add(
          new Section(
              "The graph",
              List.of(
                  new Item.Paragraph(
                      "Files are at the top, what is saved is framed in green. A number on a line"
                          + " is the weight as written; under a name stands its effective"
                          + " formula."),
                  new Item.Picture("The graph of named models", graph().svg()))));
    }
    sections.add(new Section("Models", models()));
    sections.add(new Section("Sources", sources()));
    cost(limits).ifPresent(sections::add);
    return sections;
  }

  private List<Item> models() {
    var items = new ArrayList<Item>();
    for (int model = 0; model < recipe.models().size(); model++) {
      Optional<Definition> found = definition(model);
      if (found.isEmpty()) {
        continue;
      }
      Definition definition = found.get();
      items.add(new Item.Heading(definition.name(), "model-" + (model + 1)));
      items.add(new Item.Formulas(MeaningText.formulas(definition, NO_LIMIT)));
      RecipePictures.weights(definition)
          .ifPresent(bars -> {
            items.add(new Item.Picture(bars.title(), bars.svg()));
            items.add(table(bars));
          });
    }
    return items;
  }

  private static Item table(BlockBars bars) {
    var headings = new ArrayList<String>(List.of("block"));
    bars.rows().forEach(row -> headings.add(row.name()));
    var rows = new ArrayList<List<String>>();
    for (int block = 0; block < bars.blocks().size(); block++) {
      var row = new ArrayList<String>(List.of(bars.blocks().get(block)));
      for (BlockBars.Row source : bars.rows()) {
        row.add(BlockBars.written(source.weights()[block]));
      }
      rows.add(row);
    }
    var numbers = new Boolean[headings.size()];
    Arrays.fill(numbers, true);
    return new Item.Grid(bars.title() + ", as numbers", headings, List.of(numbers), rows, true);
  }

  private List<Item> sources() {
    var rows = new ArrayList<List<String>>();
    for (int i = 0; i < recipe.sources().size(); i++) {
      rows.add(row(recipe.sources().get(i), workspace.sources().get(i)));
    }
    return List.of(
        new Item.Grid(
            "Sources",
            List.of("name", "file", "kind", "type", "size", "licence"),
            List.of(false, false, false, false, true, false),
            rows,
            false));
  }

  private List<String> row(SourceModel source, Checkpoint file) {
    String licence = source.license().or(() -> licence(file)).orElse("not said");
    if (workspace.missing().contains(source.name()) || file.stored().isEmpty()) {
      return List.of(source.name(), "not there", "", "", "", licence);
    }
    CheckpointDescription description = CheckpointDescription.of(file);
    return List.of(
        source.name(),
        String.valueOf(file.path().getFileName()),
        file.architecture().label(),
        description.typeLabel(),
        Quantities.bytes(file.size()),
        licence);
  }

  /** What the file says of itself: ModelSpec's field. */
  private static Optional<String> licence(Checkpoint file) {
    return Optional.ofNullable(file.metadata().get("modelspec.license"))
        .filter(text -> !text.isBlank())
        .map(text -> text.length() > 120 ? text.substring(0, 120) + "…" : text);
  }

  private Optional<Section> cost(Limits limits) {
    if (!workspace.missing().isEmpty()) {
      return Optional.of(
          new Section(
              "Cost",
              List.of(
                  new Item.Paragraph(
                      Quantities.count(workspace.missing().size(), "file")
                          + " not known: bytes and memory are told when all are there."))));
    }
    var items = new ArrayList<Item>();
    for (Output output : outputs) {
      Plan plan = workspace.plan(output, limits);
      items.add(new Item.Heading(output.name(), "cost-" + (items.size() / 2 + 1)));
      items.add(new Item.Formulas(PlanText.costs(plan)));
    }
    return items.isEmpty() ? Optional.empty() : Optional.of(new Section("Cost", items));
  }

  /** One line below the heading. */
  String under() {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s. Made by bmr %s.",
        workspace.architecture().label(),
        Quantities.count(recipe.models().size(), "definition"),
        Quantities.count(recipe.sources().size(), "source"),
        Program.version());
  }
}
