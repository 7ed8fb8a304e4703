package bmr.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands between two tokens.
 *
 * @param comments in order
 * @param blankLines empty lines behind the last comment, or at all
 */
record Gap(List<Atom.Comment> comments, int blankLines) {
  private static final int TAB = 4;

  /**
   * Reads a part of a text that holds blanks, ends of lines and comments only.
   *
   * @param behindToken whether a token stands before it in its line
   */
  static Gap read(String text, int from, int to, boolean behindToken) {
    List<Atom.Comment> comments = new ArrayList<>();
    boolean sameLine = behindToken;
    int blank = 0;
    boolean empty = !behindToken;
    int column = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        boolean pair = c == '\r' && i + 1 < to && text.charAt(i + 1) == '\n';
        i += pair ? 1 : 0;
        blank += empty ? 1 : 0;
        empty = true;
        sameLine = false;
        column = 0;
      } else if (c == '#' || c == '/' && i + 1 < to && text.charAt(i + 1) == '/') {
        int end = i;
        while (end < to && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
          end++;
        }
        String written = text.substring(i, end).stripTrailing();
        comments.add(new Atom.Comment(written, sameLine, column, blank));
        blank = 0;
        empty = false;
        i = end - 1;
      } else {
        column = c == '\t' ? column + TAB - column % TAB : column + 1;
      }
    }
    return new Gap(comments, blank);
  }
}
