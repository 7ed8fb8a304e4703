package bmr.interchange;

import bmr.source.SourceText;
import bmr.source.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of a published text, without its end.
 *
 * @param text as it stands there, indentation included
 * @param span where it stands
 */
record Line(String text, Span span) {
  /** All lines of a text, empty ones too. Lines end at LF, CR or CRLF. */
  static List<Line> of(SourceText source) {
    List<Line> lines = new ArrayList<>();
    String all = source.text();
    int start = 0;
    for (int at = 0; at <= all.length(); at++) {
      if (at == all.length() || all.charAt(at) == '\n' || all.charAt(at) == '\r') {
        lines.add(new Line(all.substring(start, at), new Span(source, start, at)));
        if (at + 1 < all.length() && all.charAt(at) == '\r' && all.charAt(at + 1) == '\n') {
          at++;
        }
        start = at + 1;
      }
    }
    return lines;
  }

  /** The line without blanks at its ends. */
  String stripped() {
    return text.strip();
  }
}
