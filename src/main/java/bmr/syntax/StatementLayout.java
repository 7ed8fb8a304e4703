package bmr.syntax;

import bmr.syntax.Atom.Comment;
import bmr.syntax.Atom.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the atoms of one statement into lines. A statement stays one line where it fits and nobody
 * broke it; otherwise its terms, or what is between its brackets, get lines of their own. The
 * author's choice counts: a sum with one term on a new line has all of them on new lines.
 */
final class StatementLayout {
  private static final int INDENT = 4;
  private static final int SHORT_LIST = 8;

  private final List<Atom> atoms;
  private final int[] closers;
  private final OutputLines lines;
  private final boolean wide;

  private StatementLayout(List<Atom> atoms, int column, OutputLines lines) {
    this.atoms = withMovedComments(atoms);
    this.lines = lines;
    closers = closers(this.atoms);
    wide = column + flat(0, atoms.size()) > OutputLines.WIDTH;
  }

  /** Writes a statement, from a new line on. */
  static void write(List<Atom> atoms, int column, OutputLines lines) {
    var layout = new StatementLayout(atoms, column, lines);
    lines.begin(column);
    layout.sum(0, layout.atoms.size(), column + INDENT);
  }

  /**
   * A remark behind a sign at the end of a line belongs to the term before it, and one before a
   * comma stands behind it.
   */
  private static List<Atom> withMovedComments(List<Atom> atoms) {
    List<Atom> moved = new ArrayList<>(atoms);
    for (int i = 1; i < moved.size(); i++) {
      Atom sign = moved.get(i - 1);
      Atom atom = moved.get(i);
      if (sign.kind() == Kind.SIGN && !atom.comments().isEmpty()) {
        List<Comment> both = new ArrayList<>(sign.comments());
        both.addAll(atom.comments());
        moved.set(i - 1, sign.withComments(both));
        moved.set(i, atom.withComments(List.of()));
      } else if (sign.kind() == Kind.COMMA && !sign.comments().isEmpty()) {
        List<Comment> both = new ArrayList<>(sign.comments());
        both.addAll(atom.comments());
        moved.set(i - 1, sign.withComments(List.of()));
        moved.set(i, atom.withComments(both));
      }
    }
    return moved;
  }

  private static int[] closers(List<Atom> atoms) {
    int[] closers = new int[atoms.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < closers.length; i++) {
      if (atoms.get(i).kind() == Kind.OPENER) {
        open.add(i);
      } else if (atoms.get(i).kind() == Kind.CLOSER) {
        closers[open.removeLast()] = i;
      }
    }
    return closers;
  }

  private int flat(int from, int to) {
    int width = 0;
    for (int i = from; i < to; i++) {
      width += atoms.get(i).width();
    }
    return width;
  }

  // ---- what is broken ----

  /** Whether the text as written has a new line before or behind a sign. */
  private boolean isBroken(int sign) {
    return atoms.get(sign).newline()
        || !atoms.get(sign).comments().isEmpty()
        || sign + 1 < atoms.size() && atoms.get(sign + 1).newline();
  }

  private boolean isTable(int opener) {
    boolean assigned = opener > 0 && atoms.get(opener - 1).text().equals("=");
    return (assigned || wide || atoms.get(opener + 1).newline()) && table(opener).isPresent();
  }

  private Optional<BlockTable> table(int opener) {
    return BlockTable.of(atoms, opener, closers[opener]);
  }

  /** Whether the author has put what is between brackets on lines of its own. */
  private boolean isOpened(int opener) {
    int closer = closers[opener];
    if (isNumbers(opener)) {
      return hasComments(opener, closer);
    }
    boolean map = atoms.get(opener).text().equals("{");
    if (atoms.get(opener + 1).newline()) {
      return true;
    }
    int depth = atoms.get(opener).depth() + 1;
    boolean list = false;
    boolean broken = false;
    for (int i = opener + 1; i <= closer; i++) {
      Atom atom = atoms.get(i);
      boolean afterComma = isComma(i - 1, depth);
      if (i == closer || atom.depth() == depth) {
        boolean ofItem = i == opener + 1 || i == closer || afterComma;
        if (ofItem && !atom.comments().isEmpty() || map && afterComma && atom.newline()) {
          return true;
        }
        list |= atom.kind() == Kind.COMMA;
        broken |= atom.kind() == Kind.SIGN && isBroken(i);
      }
    }
    return list && broken;
  }

  private boolean isComma(int atom, int depth) {
    return atoms.get(atom).kind() == Kind.COMMA && atoms.get(atom).depth() == depth;
  }

  private boolean hasComments(int opener, int closer) {
    return atoms.subList(opener + 1, closer + 1).stream().anyMatch(a -> !a.comments().isEmpty());
  }

  /** A list of numbers fills lines rather than one line for each. */
  private boolean isNumbers(int opener) {
    int closer = closers[opener];
    boolean numbers = atoms.get(opener).text().equals("(") && closer - opener > 2 * SHORT_LIST;
    for (int i = opener + 1; i < closer && numbers; i++) {
      Kind kind = atoms.get(i).kind();
      char first = atoms.get(i).text().charAt(0);
      numbers =
          kind == Kind.COMMA
              || kind == Kind.PLAIN && (first <= '9' && first != '/' && first != '"');
    }
    return numbers;
  }

  /** Whether the atoms fit behind what the current line holds, with all that is broken anyway. */
  private boolean fits(int from, int to, int start) {
    int width = start;
    int indent = lines.indent();
    for (int i = from; i < to; i++) {
      width += atoms.get(i).width();
      if (width > OutputLines.WIDTH) {
        return false;
      }
      if (atoms.get(i).kind() == Kind.OPENER && (isTable(i) || isOpened(i))) {
        i = closers[i];
        width = indent + 1;
      }
    }
    return true;
  }

  // ---- writing ----

  /** A sum, or what else stands at one depth: signs and the result may begin lines. */
  private void sum(int from, int to, int indent) {
    List<Integer> signs = new ArrayList<>();
    List<Integer> breaks = new ArrayList<>();
    int depth = from < to ? atoms.get(from).depth() : 0;
    boolean broken = false;
    for (int i = from + 1; i < to; i++) {
      Atom atom = atoms.get(i);
      if (atom.depth() != depth) {
        continue;
      }
      if (atom.kind() == Kind.SIGN) {
        signs.add(i);
        broken |= isBroken(i);
      } else if (atom.kind() == Kind.BINDER && i > from + 1) {
        breaks.add(i);
      } else if (isComma(i - 1, depth)) {
        breaks.add(i);
      }
    }
    broken |= (!signs.isEmpty() || !breaks.isEmpty()) && !fits(from, to, lines.width());
    breaks.addAll(signs);
    breaks.sort(null);
    if (!broken) {
      breaks.clear();
    }
    int start = from;
    for (int next : breaks) {
      term(start, next, indent);
      start = next;
      newLine(atoms.get(next).comments(), indent);
    }
    term(start, to, indent);
  }

  /** Atoms of one depth with their brackets, in the current line as far as that is possible. */
  private void term(int from, int to, int indent) {
    boolean fits = fits(from, to, lines.width());
    for (int i = from; i < to; i++) {
      Atom atom = atoms.get(i);
      if (i > from && !atom.comments().isEmpty()) {
        newLine(atom.comments(), indent);
      }
      append(atom);
      if (atom.kind() == Kind.OPENER) {
        int closer = closers[i];
        brackets(i, closer, fits);
        i = closer;
      }
    }
  }

  private void append(Atom atom) {
    lines.append(atom.blank() && !lines.isFresh() ? " " + atom.text() : atom.text());
  }

  /** A new line for an atom, behind the comments before it. */
  private void newLine(List<Comment> comments, int indent) {
    for (Comment comment : comments) {
      if (comment.sameLine() && !lines.isFresh()) {
        lines.comment(comment.text(), indent);
      } else {
        lines.remark(indent, comment.text());
      }
    }
    lines.begin(indent);
  }

  /** What stands between brackets, and the closer. */
  private void brackets(int opener, int closer, boolean fits) {
    int indent = lines.indent();
    List<Comment> last = atoms.get(closer).comments();
    if (isTable(opener)) {
      for (Comment comment : atoms.get(opener + 1).comments()) {
        if (comment.sameLine() && !BlockTable.isOwn(comment)) {
          lines.comment(comment.text(), indent + INDENT);
        }
      }
      table(opener).orElseThrow().write(lines, last);
    } else if (closer == opener + 1 && last.isEmpty()) {
      append(atoms.get(closer));
      return;
    } else if (isOpened(opener)
        || !fits && lines.width() + flat(opener + 1, closer + 1) > OutputLines.WIDTH) {
      items(opener + 1, closer, indent + INDENT);
      newLine(last, indent + INDENT);
      lines.restart(indent);
      append(atoms.get(closer));
      return;
    } else {
      sum(opener + 1, closer, indent + INDENT);
      append(atoms.get(closer));
      return;
    }
    lines.begin(indent);
    append(atoms.get(closer));
  }

  /** One line for each item between commas; numbers fill their lines. */
  private void items(int from, int to, int indent) {
    boolean fill = isNumbers(from - 1);
    int depth = atoms.get(from - 1).depth() + 1;
    int start = from;
    boolean first = true;
    for (int i = from; i <= to; i++) {
      boolean end = i == to || isComma(i, depth);
      if (!end || start == i) {
        continue;
      }
      int stop = i == to ? i : i + 1;
      List<Comment> comments = atoms.get(start).comments();
      boolean full = lines.width() + flat(start, stop) > OutputLines.WIDTH;
      if (first || !fill || full || !comments.isEmpty()) {
        newLine(comments, indent);
      }
      first = false;
      sum(start, stop, indent + INDENT);
      start = stop;
    }
  }
}
