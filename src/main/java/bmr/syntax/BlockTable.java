package bmr.syntax;

import bmr.source.Display;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The layout of a list with a weight for each block: BASE, IN, M00 and OUT in lines of their own
 * under a ruler. Its own comments are recognised and written anew.
 */
final class BlockTable {
  private static final Pattern OWN =
      Pattern.compile(
          "# *\\+?0(?: +\\+?\\d{1,2}){2,11}|#(?: BASE| M00| (?:IN|OUT)\\d\\d-(?:IN|OUT)\\d\\d)");
  private static final int INDENT = 4;

  /** Cells of the longest label with its sign and the two blanks before it. */
  private static final int LABEL = 15;

  private final List<Atom> values;
  private final boolean base;
  private final int depth;

  private BlockTable(List<Atom> values) {
    this.values = values;
    base = values.size() % 2 == 0;
    depth = (values.size() - 1) / 2;
  }

  /** The table of the brackets that open at an atom, if they hold a number for each block. */
  static Optional<BlockTable> of(List<Atom> atoms, int opener, int closer) {
    if (!atoms.get(opener).text().equals("(") || closer - opener > 200) {
      return Optional.empty();
    }
    List<Atom> values = new ArrayList<>();
    int i = opener + 1;
    while (i < closer) {
      var text = new StringBuilder();
      List<Atom.Comment> comments = new ArrayList<>();
      while (i < closer && atoms.get(i).kind() == Atom.Kind.PLAIN) {
        addComments(atoms.get(i), text.isEmpty(), comments);
        text.append(atoms.get(i).text());
        i++;
      }
      if (i < closer && atoms.get(i).kind() != Atom.Kind.COMMA
          || !text.toString().matches("[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?%?")) {
        return Optional.empty();
      }
      if (i < closer) {
        addComments(atoms.get(i), false, comments);
      }
      values.add(new Atom(text.toString(), false, comments, Atom.Kind.PLAIN, 0, false));
      i++;
    }
    return switch (values.size()) {
      case 19, 20, 25, 26 -> Optional.of(new BlockTable(values));
      default -> Optional.empty();
    };
  }

  /** Only before the first piece of a value a comment can stand behind the value before. */
  private static void addComments(Atom atom, boolean first, List<Atom.Comment> comments) {
    for (Atom.Comment comment : atom.comments()) {
      boolean behind = comment.sameLine() && first && comments.isEmpty();
      comments.add(new Atom.Comment(comment.text(), behind, comment.column(), 0));
    }
  }

  static boolean isOwn(Atom.Comment comment) {
    return OWN.matcher(comment.text()).matches();
  }

  /** Writes the rows, from a new line on; the caller writes both brackets. */
  void write(OutputLines lines, List<Atom.Comment> beforeCloser) {
    int column = lines.indent() + INDENT;
    int whole = 1;
    int rest = 2;
    for (Atom value : values) {
      int point = point(value.text());
      whole = Math.max(whole, point);
      rest = Math.max(rest, value.text().length() - point);
    }
    int perRow = depth;
    while (perRow % 2 == 0 && perRow > 6 && column + perRow * (whole + rest + 2) + LABEL > 101) {
      perRow /= 2;
    }
    if (perRow == 9 && column + perRow * (whole + rest + 2) + LABEL > 101) {
      perRow = 3;
    }
    lines.begin(column);
    lines.append(ruler(perRow, whole + rest, perRow < depth));
    int next = 0;
    if (base) {
      row(lines, column, next, 1, "BASE", whole, rest, beforeCloser);
      next++;
    }
    next = group(lines, column, next, "IN", perRow, whole, rest, beforeCloser);
    row(lines, column, next, 1, "M00", whole, rest, beforeCloser);
    group(lines, column, next + 1, "OUT", perRow, whole, rest, beforeCloser);
    for (Atom.Comment comment : beforeCloser) {
      if (!comment.sameLine() && !isOwn(comment)) {
        lines.remark(column, comment.text());
      }
    }
  }

  private static String ruler(int perRow, int width, boolean relative) {
    var ruler = new StringBuilder("#");
    for (int i = 0; i < perRow; i++) {
      String label = (relative ? "+" : "") + i;
      int end = i * (width + 2) + width;
      ruler.repeat(' ', Math.max(1, end - ruler.length() - label.length())).append(label);
    }
    return ruler.toString();
  }

  private int group(
      OutputLines lines,
      int column,
      int from,
      String name,
      int perRow,
      int whole,
      int rest,
      List<Atom.Comment> beforeCloser) {
    for (int i = 0; i < depth; i += perRow) {
      String label = "%s%02d-%s%02d".formatted(name, i, name, i + perRow - 1);
      row(lines, column, from + i, perRow, label, whole, rest, beforeCloser);
    }
    return from + depth;
  }

  private void row(
      OutputLines lines,
      int column,
      int from,
      int count,
      String label,
      int whole,
      int rest,
      List<Atom.Comment> beforeCloser) {
    for (int i = from; i < from + count; i++) {
      for (Atom.Comment comment : values.get(i).comments()) {
        foreign(lines, column, comment, i > from || !comment.sameLine());
      }
    }
    List<Atom.Comment> behind =
        from + count < values.size() ? values.get(from + count).comments() : beforeCloser;
    behind.forEach(comment -> foreign(lines, column, comment, comment.sameLine()));
    lines.begin(column);
    var row = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      String value = values.get(i).text();
      int end = (i - from) * (whole + rest + 2) + whole - point(value);
      row.repeat(' ', end - row.length()).append(value);
      row.append(i + 1 < values.size() ? "," : "");
    }
    lines.append(row.toString());
    lines.markTable();
    lines.comment("# " + label, column);
  }

  private static void foreign(OutputLines lines, int column, Atom.Comment comment, boolean here) {
    if (here && !isOwn(comment)) {
      lines.remark(column, comment.text());
    }
  }

  /** Where the part of a number begins that stands right of the ones. */
  private static int point(String value) {
    int end = 0;
    while (end < value.length() && (Character.isDigit(value.charAt(end)) || end == 0)) {
      end++;
    }
    return Math.min(end, Display.width(value));
  }
}
