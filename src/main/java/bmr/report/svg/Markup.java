package bmr.report.svg;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes XML and HTML elements. Text and attribute values are escaped, so that names of strangers'
 * models stay text; numbers have at most two decimals, so that equal pictures are equal text.
 */
public final class Markup {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Begins a picture that screen readers take as one, by its title; {@link #close} ends it.
   *
   * @param look the class that the page's style knows it by
   */
  static Markup picture(String look, String title, double width, double height) {
    var svg = new Markup();
    svg.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "class",
        look,
        "role",
        "img",
        "viewBox",
        "0 0 " + number(width) + " " + number(height),
        "width",
        width,
        "height",
        height);
    return svg.leaf("title", title).line();
  }

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn; strings or numbers
   */
  public Markup open(String name, Object... attributes) {
    start(name, attributes);
    text.append('>');
    open.push(name);
    return this;
  }

  /** Ends the innermost element. */
  public Markup close() {
    text.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element without content, {@code <br/>}. */
  public Markup empty(String name, Object... attributes) {
    start(name, attributes);
    text.append("/>");
    return this;
  }

  /** An element with nothing but text in it. */
  public Markup leaf(String name, String content, Object... attributes) {
    return open(name, attributes).text(content).close();
  }

  /** Text between elements. */
  public Markup text(String content) {
    text.append(escaped(content));
    return this;
  }

  /** A line end, for those who read the source. */
  public Markup line() {
    text.append('\n');
    return this;
  }

  /** Another writer's elements, which are all closed. */
  public Markup add(Markup other) {
    text.append(other.finished());
    return this;
  }

  /**
   * Text that is markup already: style sheets, the page's own script, a document type. Never given
   * anything that came from a file or a recipe.
   */
  public Markup verbatim(String markup) {
    text.append(markup);
    return this;
  }

  /** Everything written; all elements are closed. */
  public String finished() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("open: " + open);
    }
    return text.toString();
  }

  private void start(String name, Object... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("an attribute of " + name + " has no value");
    }
    text.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      String written = value instanceof Double number ? number(number) : value.toString();
      text.append(' ').append(attributes[i]).append("=\"").append(escaped(written)).append('"');
    }
  }

  /** At most two decimals, no exponent, no negative zero. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("not a place in a picture: " + value);
    }
    BigDecimal rounded = new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Escaped for text and attributes; characters that XML does not know become U+FFFD. */
  static String escaped(String content) {
    var safe = new StringBuilder(content.length());
    content
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '"' -> safe.append("&quot;");
            case '\'' -> safe.append("&#39;");
            default -> safe.appendCodePoint(known(c) ? c : 0xFFFD);
          }
        });
    return safe.toString();
  }

  private static boolean known(int c) {
    boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    return !control && !surrogate && c != 0x7F && c != 0xFFFE && c != 0xFFFF;
  }
}
