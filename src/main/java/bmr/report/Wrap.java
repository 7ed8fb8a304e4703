package bmr.report;

import bmr.source.Display;
import java.util.ArrayList;
import java.util.List;

/** Breaks long lines at blanks. */
public final class Wrap {
  private Wrap() {}

  /**
   * The text in lines of at most {@code width} columns, but for words that are longer.
   *
   * @param indent in front of every line but the first
   */
  public static List<String> lines(String text, int width, String indent) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    int used = 0;
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      int length = Display.width(word);
      if (!empty && used + 1 + length > width) {
        lines.add(line.toString().stripTrailing());
        line.setLength(0);
        line.append(indent);
        used = indent.length();
        empty = true;
      }
      if (!empty) {
        line.append(' ');
        used++;
      }
      line.append(word);
      used += length;
      empty = false;
    }
    lines.add(line.toString());
    return lines;
  }
}
