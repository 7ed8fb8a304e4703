package bmr.cli;

import bmr.diagnostic.Severity;
import bmr.recipe.Wanted;
import bmr.report.Quantities;
import bmr.report.ReportPage;
import bmr.report.ReportPage.Item;
import bmr.report.ReportPage.Section;
import bmr.workspace.Reading;
import bmr.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bmr report}. */
@Command(
    name = "report",
    sortOptions = false,
    header = "Draw a recipe: a page with its graph, formulas and weights.",
    description = {
      "",
      "Writes one HTML page that needs no network: the graph of named models with",
      "their effective formulas, weights by block as bars and as numbers, sources",
      "with their licences, and what a run would cost. Files may be missing; only",
      "headers are read.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  bmr report post.bmr --models ~/models",
      "  bmr report post.bmr --as mermaid",
      "  bmr report post.bmr --as svg -o graph.svg",
    })
final class ReportCommand implements Callable<Integer> {
  /** Forms of the report. */
  enum Form {
    HTML,
    SVG,
    MERMAID,
    DOT
  }

  private final Context context;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a .bmr file.")
  private Path recipe = Path.of("");

  @Option(
      names = "--as",
      paramLabel = "FORM",
      description = {
        "html, the page; or the graph alone: svg, mermaid,",
        "dot (for Graphviz). Default: html."
      })
  private Form form = Form.HTML;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = {
        "The file to write; by default the recipe's name",
        "with .html for the page, and standard output for",
        "the others."
      })
  private Optional<Path> file = Optional.empty();

  @Option(names = "--overwrite", description = "Replace a file that is there.")
  private boolean overwrite;

  @Mixin private final RecipeOptions options = new RecipeOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private final HelpOption help = new HelpOption();

  ReportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (Workspace workspace =
        options.open(
            context,
            recipe,
            Wanted.AS_WRITTEN,
            Severity.WARNING,
            new Reading(Reading.Files.WHERE_KNOWN, false, Optional.empty()))) {
      var report = new RecipeReport(workspace);
      if (form != Form.HTML && !report.hasGraph()) {
        throw new CommandFailure(
            "the recipe has too many definitions for a picture",
            Optional.of("the page, without `--as`, has the formulas of what is saved"));
      }
      write(
          switch (form) {
            case HTML -> page(report, workspace.text().text());
            case SVG -> ReportPage.picture(report.graph().svg());
            case MERMAID -> report.graph().mermaid();
            case DOT -> report.graph().dot();
          });
    }
    return ExitStatus.DONE;
  }

  private String page(RecipeReport report, String script) {
    var sections = new ArrayList<>(report.sections(limits.limits()));
    sections.add(
        new Section(
            "Recipe", java.util.List.of(new Item.Source("The script as it is written", script))));
    return new ReportPage(name(), report.under(), sections).html();
  }

  private String name() {
    return String.valueOf(recipe.getFileName());
  }

  private void write(String text) {
    if (file.isEmpty() && form != Form.HTML) {
      context.terminal().print(text.stripTrailing());
      return;
    }
    Path target =
        file.orElseGet(() -> recipe.resolveSibling(name().replaceFirst("\\.bmr$", "") + ".html"));
    TextOutput.write(context.resolve(target), target.toString(), overwrite, text);
    context
        .terminal()
        .print(target + ": " + Quantities.bytes(text.getBytes(StandardCharsets.UTF_8).length));
  }
}
