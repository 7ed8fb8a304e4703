package bmr.syntax;

import bmr.source.Display;
import java.util.List;

/**
 * A piece of a statement that is never broken, and what a layout needs to know of it.
 *
 * @param text its canonical spelling
 * @param blank whether a blank stands before it in a line
 * @param comments those before it, in order
 * @param kind what it is for the layout
 * @param depth brackets around it; an opener and its closer have the depth outside
 * @param newline whether a line of the text as written ends before it
 */
record Atom(
    String text, boolean blank, List<Comment> comments, Kind kind, int depth, boolean newline) {
  Atom {
    comments = List.copyOf(comments);
  }

  Atom withComments(List<Comment> others) {
    return new Atom(text, blank, others, kind, depth, newline);
  }

  /** Cells that it takes in a line behind another atom. */
  int width() {
    return (blank ? 1 : 0) + Display.width(text);
  }

  /** What a layout does with an atom. */
  enum Kind {
    PLAIN,
    OPENER,
    CLOSER,
    COMMA,
    /** A plus or minus between terms, or `|`. */
    SIGN,
    /** `=` or an arrow of a definition. */
    BINDER
  }

  /**
   * A comment.
   *
   * @param text with its sign, without blanks at the end
   * @param sameLine whether something stands before it in its line
   * @param column where it begins
   * @param blankLines empty lines before it
   */
  record Comment(String text, boolean sameLine, int column, int blankLines) {}
}
