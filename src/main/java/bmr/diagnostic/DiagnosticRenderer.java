package bmr.diagnostic;

import bmr.source.Display;
import bmr.source.LineMap;
import bmr.source.SourceText;
import bmr.source.Span;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one form in which people read problems: severity, code and message, the place, the line with
 * carets below, and a hint.
 *
 * @param width cells that a line of the excerpt may take; the text around the carets is shown
 * @param colours whether to use ANSI escapes
 * @param wraps whether messages and hints are broken into lines of that width, for people; programs
 *     that read them find each in one line
 */
public record DiagnosticRenderer(int width, boolean colours, boolean wraps) {
  private static final int NARROWEST = 40;

  /** Code units on each side that can matter for an excerpt, however long the line. */
  private static final int WINDOW = 2000;

  public DiagnosticRenderer {
    width = Math.max(width, NARROWEST);
  }

  /** Messages and hints in one line each. */
  public DiagnosticRenderer(int width, boolean colours) {
    this(width, colours, false);
  }

  /** 80 cells, no colours. */
  public static DiagnosticRenderer plain() {
    return new DiagnosticRenderer(80, false);
  }

  private enum Style {
    ERROR("1;31"),
    WARNING("1;33"),
    NOTE("1;36"),
    GUTTER("1;34"),
    MESSAGE("1"),
    HINT("32");

    private final String codes;

    Style(String codes) {
      this.codes = codes;
    }
  }

  private String styled(Style style, String text) {
    return colours ? "\033[" + style.codes + "m" + text + "\033[0m" : text;
  }

  /** Problems in the order given, an empty line between them; ends with a line end. */
  public String render(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(this::render).collect(Collectors.joining("\n"));
  }

  /** One problem; ends with a line end. */
  public String render(Diagnostic diagnostic) {
    var out = new StringBuilder();
    Problem problem = diagnostic.problem();
    Style style = style(problem.severity());
    String head = word(problem.severity()) + "[" + problem.code() + "]";
    out.append(styled(style, head))
        .append(styled(Style.MESSAGE, ": " + lines(problem.message(), head.length() + 2)))
        .append('\n');
    int gutter = gutter(diagnostic);
    diagnostic.place().ifPresent(place -> excerpt(out, gutter, "-->", place, "^", "", style));
    for (var related : diagnostic.related()) {
      excerpt(out, gutter, ":::", related.place(), "-", related.label(), Style.GUTTER);
    }
    problem
        .hint()
        .ifPresent(hint ->
            out.append(styled(Style.HINT, "hint"))
                .append(": ")
                .append(lines(hint, "hint: ".length()))
                .append('\n'));
    return out.toString();
  }

  private String lines(String text, int used) {
    String shown = Display.shown(text);
    return wraps ? Sentence.wrapped(shown, used, width) : shown;
  }

  private static Style style(Severity severity) {
    return switch (severity) {
      case ERROR -> Style.ERROR;
      case WARNING -> Style.WARNING;
      case NOTE -> Style.NOTE;
    };
  }

  private static String word(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTE -> "note";
    };
  }

  /** Cells for the largest line number. */
  private static int gutter(Diagnostic diagnostic) {
    int line = diagnostic.place().map(DiagnosticRenderer::line).orElse(1);
    for (var related : diagnostic.related()) {
      line = Math.max(line, line(related.place()));
    }
    return Integer.toString(line).length();
  }

  private static int line(Span place) {
    return place.source().lines().lineAt(place.start());
  }

  private void excerpt(
      StringBuilder out,
      int gutter,
      String arrow,
      Span place,
      String mark,
      String label,
      Style style) {
    SourceText source = place.source();
    LineMap.Position position = source.lines().position(place.start());
    int line = position.line();
    String blank = " ".repeat(gutter);
    out.append(blank)
        .append(styled(Style.GUTTER, arrow))
        .append(' ')
        .append(Display.shown(source.name()))
        .append(":%d:%d\n".formatted(line, position.column()))
        .append(styled(Style.GUTTER, blank + " |"))
        .append('\n');
    int start = source.lines().start(line);
    int end = source.lines().end(line);
    int from = Math.min(place.start(), end);
    int to = Math.clamp(place.end(), from, end);
    String text = source.text();
    var cut =
        LineCut.around(
            text.substring(Math.max(start, from - WINDOW), from),
            text.substring(from, Math.min(to, from + WINDOW)),
            text.substring(to, Math.min(end, to + WINDOW)),
            width - gutter - 3);
    String number = " ".repeat(gutter - Integer.toString(line).length()) + line;
    out.append(styled(Style.GUTTER, number + " |"))
        .append(cut.text().isEmpty() ? "" : " " + cut.text())
        .append('\n')
        .append(styled(Style.GUTTER, blank + " |"))
        .append(' ')
        .append(" ".repeat(cut.column()))
        .append(styled(style, mark.repeat(cut.width())))
        .append(label.isEmpty() ? "" : " " + styled(style, Display.shown(label)))
        .append('\n');
  }
}
