package bmr.source;

/**
 * A part of a text.
 *
 * @param source the text
 * @param start first UTF-16 code unit
 * @param end one past the last UTF-16 code unit
 */
public record Span(SourceText source, int start, int end) {
  public Span {
    if (start < 0 || end < start || end > source.text().length()) {
      throw new IllegalArgumentException("span " + start + ".." + end);
    }
  }

  /** The text that the span covers. */
  public String text() {
    return source.text().substring(start, end);
  }

  /** From the start of this span to the end of another one of the same text. */
  public Span to(Span last) {
    return new Span(source, start, Math.max(end, last.end));
  }
}
