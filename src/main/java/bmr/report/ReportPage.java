package bmr.report;

import bmr.report.svg.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A page that stands alone: style, script and pictures are in it, it asks for nothing from
 * anywhere, and a policy in its head forbids it to. Light and dark; every picture has its numbers
 * beside it as a table.
 *
 * @param title the page's heading
 * @param under a line below the heading
 */
public record ReportPage(String title, String under, List<Section> sections) {
  public ReportPage {
    sections = List.copyOf(sections);
  }

  /** A part of the page with a heading of its own. */
  public record Section(String heading, List<Item> items) {
    public Section {
      items = List.copyOf(items);
    }
  }

  /** What stands in a section. */
  public sealed interface Item {
    /** A sentence. */
    record Paragraph(String text) implements Item {}

    /** A heading that other parts of the page refer to as {@code #anchor}. */
    record Heading(String text, String anchor) implements Item {}

    /** Formulas, one to a line. */
    record Formulas(List<String> lines) implements Item {
      public Formulas {
        lines = List.copyOf(lines);
      }
    }

    /** A picture; scrolls sideways where the window is too narrow. */
    record Picture(String name, Markup svg) implements Item {}

    /** A table; {@code folded} hides it behind its caption. */
    record Grid(
        String caption,
        List<String> headings,
        List<Boolean> numbers,
        List<List<String>> rows,
        boolean folded)
        implements Item {
      public Grid {
        headings = List.copyOf(headings);
        numbers = List.copyOf(numbers);
        rows = List.copyOf(rows);
      }
    }

    /** Text as it is, such as a script. */
    record Source(String caption, String text) implements Item {}
  }

  /** The page as HTML, the same text for the same content. */
  public String html() {
    var page = new Markup();
    page.verbatim("<!doctype html>\n").open("html", "lang", "en").line();
    page.open("head").line();
    page.verbatim("<meta charset=\"utf-8\">\n");
    page.verbatim(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
            + " style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
    page.verbatim("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.leaf("title", title).line();
    page.open("style").verbatim("\n" + resource("page.css")).close().line();
    page.close().line().open("body").line();
    page.leaf("a", "Skip to the content", "href", "#content", "class", "skip").line();
    page.open("header").line();
    page.verbatim("<button type=\"button\" hidden aria-pressed=\"false\">Light or dark</button>\n");
    page.leaf("h1", title).line().leaf("p", under, "class", "soft").line();
    page.open("nav", "aria-label", "Sections").open("ul");
    for (int i = 0; i < sections.size(); i++) {
      page.open("li").leaf("a", sections.get(i).heading(), "href", "#" + anchor(i)).close();
    }
    page.close().close().line().close().line();
    page.open("main", "id", "content").line();
    for (int i = 0; i < sections.size(); i++) {
      page.open("section", "aria-labelledby", anchor(i)).line();
      page.leaf("h2", sections.get(i).heading(), "id", anchor(i)).line();
      sections.get(i).items().forEach(item -> write(page, item));
      page.close().line();
    }
    page.close().line();
    page.open("script").verbatim("\n" + resource("page.js")).close().line();
    page.close().line().close().line();
    return page.finished();
  }

  private static String anchor(int section) {
    return "part-" + (section + 1);
  }

  private static void write(Markup page, Item item) {
    switch (item) {
      case Item.Paragraph(String text) -> page.leaf("p", text).line();
      case Item.Heading(String text, String anchor) -> page.leaf("h3", text, "id", anchor).line();
      case Item.Formulas(List<String> lines) ->
          lines.forEach(line -> page.leaf("code", line, "class", "formula").line());
      case Item.Picture(String name, Markup svg) ->
          page.open("div", "class", "scroll", "role", "group", "aria-label", name, "tabindex", "0")
              .line()
              .add(svg)
              .close()
              .line();
      case Item.Grid grid -> grid(page, grid);
      case Item.Source(String caption, String text) ->
          page.open("details").leaf("summary", caption).leaf("pre", text).close().line();
    }
  }

  private static void grid(Markup page, Item.Grid grid) {
    if (grid.folded()) {
      page.open("details").leaf("summary", grid.caption()).line();
    }
    page.open(
        "div", "class", "scroll", "role", "group", "aria-label", grid.caption(), "tabindex", "0");
    page.open("table").line().open("thead").open("tr");
    for (int i = 0; i < grid.headings().size(); i++) {
      page.leaf("th", grid.headings().get(i), "scope", "col", "class", look(grid, i));
    }
    page.close().close().line().open("tbody").line();
    for (List<String> row : grid.rows()) {
      page.open("tr");
      for (int i = 0; i < row.size(); i++) {
        if (i == 0) {
          page.leaf("th", row.get(i), "scope", "row");
        } else {
          page.leaf("td", row.get(i), "class", look(grid, i));
        }
      }
      page.close().line();
    }
    page.close().close().close().line();
    if (grid.folded()) {
      page.close().line();
    }
  }

  private static String look(Item.Grid grid, int column) {
    return grid.numbers().get(column) ? "number" : "text";
  }

  /** A picture alone, as a file of its own: colours are in it, those of the light page. */
  public static String picture(Markup svg) {
    String css = resource("page.css");
    String text = svg.finished();
    int end = text.indexOf('>') + 1;
    int colours = css.indexOf('{') + 1;
    String light = css.substring(colours, css.indexOf('}', colours)).replace("light dark", "light");
    var rules = new StringBuilder();
    css.lines()
        .filter(line -> line.startsWith("svg"))
        .forEach(line -> rules.append(line).append('\n'));
    return text.substring(0, end)
        + "<style>svg { "
        + light.strip()
        + " background: var(--paper); }\n"
        + rules
        + "</style>"
        + text.substring(end)
        + "\n";
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream("/bmr/report/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name.toUpperCase(Locale.ROOT) + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
