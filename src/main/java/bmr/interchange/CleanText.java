package bmr.interchange;

import bmr.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a published text without what pages and editors put around it: tags, entities, marks of
 * lists and quotations, blanks that nobody sees.
 *
 * @param line the line as published
 * @param indent how deep it stands: the width of the blanks before its first character
 * @param bulleted whether a mark of a list stood in front
 * @param text the rest
 */
record CleanText(Line line, int indent, boolean bulleted, String text) {
  private static final Pattern BREAK = Pattern.compile("(?i)<(?:br|/p|/li|/div) ?/?>");
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]{0,200}>");
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]]{1,200})\\]\\((?:https?://|/)[^()\\s]{0,500}\\)");
  private static final Pattern ENTITY =
      Pattern.compile("&(amp|lt|gt|nbsp|quot|apos|times|middot|minus|#39|#x27|#34);");
  private static final Pattern MARK =
      Pattern.compile(
          "^(?:[•◦▪●○■□◆◇★☆※‣▼►▶➤・→⇒]\\s*|[*\\-–—]\\s+|\\*(?=[^*\\s])|#{1,6}\\s+|[①-⑳]\\s*"
              + "|\\(?\\d{1,3}[.)]\\s+|(?i:step)\\s*\\d{1,3}\\s*(?:[:.)]\\s*|\\s[-–]\\s))");

  /** Pictures that posts are decorated with, and what joins them. */
  private static final String PICTURES = "[\\p{So}\\p{Sk}\\x{1F3FB}-\\x{1F3FF}\\x{20E3}]";

  private static final Pattern DECORATION =
      Pattern.compile("^(?:" + PICTURES + "\\s*+)+|(?:\\s*+" + PICTURES + ")+$");
  private static final Pattern UNDERLINED =
      Pattern.compile("(?<![\\w.-])__(?!_)([^_\\s](?:[^\\n]{0,100}?[^_\\s])?)__(?![\\w.-])");
  private static final Pattern DECIMAL_COMMA =
      Pattern.compile(
          "(?<![\\d.,])(\\d{1,3}),(\\d{1,3})(?=\\s?%)|(?<=[x×*@] ?)([01]),(\\d{1,4})(?![\\d,.])");
  private static final String INVISIBLE = "\u200B\u200C\u200D\u2060\uFEFF\u00AD\uFE0E\uFE0F";

  /** The pieces of a line that page breaks cut, each cleaned. */
  static List<CleanText> of(Line line) {
    if (line.text().indexOf('<') < 0) {
      return List.of(clean(line));
    }
    List<CleanText> pieces = new ArrayList<>();
    Matcher breaks = BREAK.matcher(line.text());
    int start = 0;
    while (breaks.find()) {
      pieces.add(clean(part(line, start, breaks.start())));
      start = breaks.end();
    }
    pieces.add(clean(part(line, start, line.text().length())));
    return pieces;
  }

  private static Line part(Line line, int from, int to) {
    Span all = line.span();
    return new Line(
        line.text().substring(from, to),
        new Span(all.source(), all.start() + from, all.start() + to));
  }

  private static CleanText clean(Line line) {
    String plain = plain(line.text());
    int indent = 0;
    while (indent < plain.length()
        && (plain.charAt(indent) == ' ' || plain.charAt(indent) == '>')) {
      indent++;
    }
    String text = DECORATION.matcher(plain.substring(indent).strip()).replaceAll("").strip();
    Matcher mark = MARK.matcher(text);
    boolean bulleted = mark.find() && mark.end() < text.length();
    if (bulleted) {
      text = text.substring(mark.end()).strip();
    }
    return new CleanText(line, indent, bulleted, text);
  }

  /** Characters and words that mean the same, written in one way. */
  static String plain(String published) {
    StringBuilder text = new StringBuilder(published.length());
    for (int i = 0; i < published.length(); i++) {
      char c = published.charAt(i);
      if (INVISIBLE.indexOf(c) < 0) {
        text.append(
            switch (c) {
              case '“', '”', '„', '″' -> '"';
              case '‘', '’' -> '\'';
              case '「', '」', '『', '』' -> '"';
              case '、' -> ',';
              case '−' -> '-';
              default ->
                  c >= '！' && c <= '～' && !Character.isLetter(c)
                      ? (char) (c - '！' + '!')
                      : c >= '\uE000' && c <= '\uF8FF'
                          ? '?'
                          : Character.isWhitespace(c) || Character.isSpaceChar(c) || c < ' '
                              ? ' '
                              : c;
            });
      }
    }
    String plain = text.toString();
    if (plain.indexOf('<') >= 0) {
      plain = TAG.matcher(plain).replaceAll("");
    }
    if (plain.indexOf('[') >= 0) {
      plain = LINK.matcher(plain).replaceAll("$1");
    }
    if (plain.indexOf('&') >= 0) {
      plain =
          ENTITY
              .matcher(plain)
              .replaceAll(found ->
                  switch (found.group(1)) {
                    case "amp" -> "&";
                    case "lt" -> "<";
                    case "gt" -> ">";
                    case "nbsp" -> " ";
                    case "quot", "#34" -> "\"";
                    case "times" -> "×";
                    case "middot" -> "·";
                    case "minus" -> "-";
                    default -> "'";
                  });
    }
    if (plain.indexOf('\\') >= 0) {
      plain =
          plain
              .replace("\\times", "×")
              .replace("\\cdot", "·")
              .replace("\\_", "_")
              .replace("\\*", "*");
    }
    plain = DECIMAL_COMMA.matcher(plain).replaceAll("$1$3.$2$4");
    return UNDERLINED
        .matcher(plain.replace("**", "").replace("`", ""))
        .replaceAll("$1")
        .replaceAll("^\\s*\\$\\$?([^$]*)\\$\\$?\\s*$", "$1");
  }
}
