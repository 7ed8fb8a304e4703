package bmr.syntax;

import bmr.source.Display;
import java.util.ArrayList;
import java.util.List;

/** The lines of a formatted script; comments behind code in neighbouring lines are aligned. */
final class OutputLines {
  static final int WIDTH = 100;
  private static final int MOST_BLANK = 2;

  private static final class Line {
    final StringBuilder code = new StringBuilder();
    String comment = "";
    boolean table;
    boolean remark;
  }

  private final List<Line> lines = new ArrayList<>();
  private int width;
  private int indent;

  /** Cells taken in the current line. */
  int width() {
    return width;
  }

  /** Indentation of the current line. */
  int indent() {
    return indent;
  }

  void begin(int column) {
    var line = new Line();
    line.code.repeat(' ', column);
    lines.add(line);
    width = column;
    indent = column;
  }

  /** Whether the current line holds nothing yet. */
  boolean isFresh() {
    return lines.isEmpty() || width == indent;
  }

  /** Another indentation for a line that holds nothing yet. */
  void restart(int column) {
    lines.removeLast();
    begin(column);
  }

  void append(String text) {
    lines.getLast().code.append(text);
    width += Display.width(text);
  }

  /**
   * A comment behind what the current line holds, or on a line of its own where one is there.
   *
   * @param column of the line of its own
   */
  void comment(String text, int column) {
    Line line = lines.isEmpty() ? null : lines.getLast();
    if (line == null || line.remark || !line.comment.isEmpty() || line.code.isEmpty()) {
      remark(column, text);
    } else {
      line.comment = text;
    }
  }

  /** A comment on a line of its own. */
  void remark(int column, String text) {
    begin(column);
    append(text);
    lines.getLast().remark = true;
  }

  /** A row of a list of blocks: its comment is aligned with those of the other rows alone. */
  void markTable() {
    lines.getLast().table = true;
  }

  /** Empty lines, at most two, and none where nothing stands before. */
  void blank(int count) {
    for (int i = 0; i < Math.min(count, MOST_BLANK) && !lines.isEmpty(); i++) {
      lines.add(new Line());
    }
  }

  String text() {
    var text = new StringBuilder();
    for (int i = 0; i < lines.size(); ) {
      int end = i + 1;
      while (end < lines.size() && isAligned(lines.get(i), lines.get(end))) {
        end++;
      }
      write(lines.subList(i, end), text);
      i = end;
    }
    int length = text.length();
    while (length > 1 && text.charAt(length - 2) == '\n') {
      length--;
    }
    text.setLength(length);
    return text.toString();
  }

  private static boolean isAligned(Line first, Line next) {
    return !first.comment.isEmpty() && !next.comment.isEmpty() && first.table == next.table;
  }

  /** Lines that all have comments, or one line without. */
  private static void write(List<Line> run, StringBuilder text) {
    int widest = 0;
    for (Line line : run) {
      widest = Math.max(widest, Display.width(line.code.toString()));
    }
    boolean fit = true;
    for (Line line : run) {
      int comment = 2 + Display.width(line.comment);
      fit &= widest + comment <= WIDTH || Display.width(line.code.toString()) + comment > WIDTH;
    }
    for (Line line : run) {
      text.append(line.code);
      if (!line.comment.isEmpty()) {
        int pad = fit ? widest - Display.width(line.code.toString()) : 0;
        text.repeat(' ', pad + 2).append(line.comment);
      }
      text.append('\n');
    }
  }
}
