package bmr.source;

/** A named text that spans point into. Identity, not content, makes two of them equal. */
public final class SourceText {
  private final String name;
  private final String text;

  private SourceText(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** A text under the name that messages show for it, such as a path as the user typed it. */
  public static SourceText of(String name, String text) {
    return new SourceText(name, text);
  }

  /** The name that messages show. */
  public String name() {
    return name;
  }

  /** The whole text; offsets of spans count its UTF-16 code units. */
  public String text() {
    return text;
  }
}
