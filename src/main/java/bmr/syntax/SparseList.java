package bmr.syntax;

import bmr.syntax.Atom.Kind;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.MapEntry;
import bmr.syntax.tree.Expression.Selector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists with a weight for each block, BASE too, as maps of the blocks whose weight is not 0. */
final class SparseList {
  /** Consecutive blocks with one weight; zeros are left out. */
  private record Run(int from, int to, String weight) {}

  private SparseList() {}

  // ---- blocks ----

  /** {@code BASE}, {@code IN00} and so on. */
  private static String block(int index, int size) {
    int depth = size / 2 - 1;
    if (index == 0) {
      return "BASE";
    }
    if (index == depth + 1) {
      return "M00";
    }
    return index <= depth ? "IN%02d".formatted(index - 1) : "OUT%02d".formatted(index - depth - 2);
  }

  /** Runs do not reach from IN to OUT, nor from BASE to IN: such ranges would be hard to read. */
  private static List<Run> runs(List<String> weights) {
    int depth = weights.size() / 2 - 1;
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      String weight = weights.get(i);
      if (isZero(weight)) {
        continue;
      }
      int from = i;
      boolean single = i == 0 || i == depth + 1;
      while (!single
          && i + 1 < weights.size()
          && i + 1 != depth + 1
          && weights.get(i + 1).equals(weight)) {
        i++;
      }
      runs.add(new Run(from, i, weight));
    }
    if (runs.isEmpty()) {
      runs.add(new Run(0, 0, weights.getFirst()));
    }
    return runs;
  }

  private static boolean isZero(String weight) {
    return weight.matches("[-+]?[0.]*(?:[eE].*)?%?");
  }

  private static boolean isSize(int size) {
    return size == 26 || size == 20;
  }

  // ---- atoms ----

  /** The atoms of a statement with maps for lists; remarks inside a list stay inside its map. */
  static List<Atom> inside(List<Atom> atoms) {
    List<Atom> changed = new ArrayList<>();
    for (int i = 0; i < atoms.size(); i++) {
      Atom atom = atoms.get(i);
      boolean list =
          atom.text().equals("(")
              && (i == 0 || !isOperand(atoms.get(i - 1)))
              && (i == 0 || atoms.get(i - 1).kind() != Kind.OPENER);
      int closer = list ? closer(atoms, i) : i;
      Optional<List<String>> weights =
          list ? weights(atoms.subList(i + 1, closer)) : Optional.empty();
      if (weights.isPresent()) {
        map(unified(weights.get()), atoms.subList(i, closer + 1), changed);
        i = closer;
      } else {
        changed.add(atom);
      }
    }
    return changed;
  }

  private static boolean isOperand(Atom atom) {
    return switch (atom.kind()) {
      case PLAIN -> !List.of("x", "/", "@", "=", ":", "-", "+").contains(atom.text());
      case CLOSER -> true;
      case OPENER, COMMA, SIGN, BINDER -> false;
    };
  }

  private static int closer(List<Atom> atoms, int opener) {
    int i = opener + 1;
    while (atoms.get(i).kind() != Kind.CLOSER
        || atoms.get(i).depth() != atoms.get(opener).depth()) {
      i++;
    }
    return i;
  }

  private static Optional<List<String>> weights(List<Atom> inner) {
    List<String> weights = new ArrayList<>();
    var weight = new StringBuilder();
    for (Atom atom : inner) {
      if (atom.kind() == Kind.COMMA) {
        weights.add(weight.toString());
        weight.setLength(0);
      } else {
        weight.append(atom.text());
      }
    }
    weights.add(weight.toString());
    boolean numbers =
        weights.stream().allMatch(w -> w.matches("-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?%?"));
    return numbers && isSize(weights.size()) ? Optional.of(weights) : Optional.empty();
  }

  /** One spelling for each value, that of the first weight with it. */
  private static List<String> unified(List<String> weights) {
    Map<String, String> spellings = new HashMap<>();
    List<String> unified = new ArrayList<>();
    for (String weight : weights) {
      boolean percent = weight.endsWith("%");
      String digits = percent ? weight.substring(0, weight.length() - 1) : weight;
      var value = new BigDecimal(digits);
      unified.add(spellings.computeIfAbsent(value + (percent ? "%" : ""), _ -> weight));
    }
    return unified;
  }

  private static void map(List<String> weights, List<Atom> list, List<Atom> changed) {
    Atom opener = list.getFirst();
    int depth = opener.depth();
    changed.add(
        new Atom("{", opener.blank(), opener.comments(), Kind.OPENER, depth, opener.newline()));
    List<Atom.Comment> remarks = new ArrayList<>();
    for (Atom atom : list.subList(1, list.size())) {
      for (Atom.Comment comment : atom.comments()) {
        if (!BlockTable.isOwn(comment)) {
          remarks.add(new Atom.Comment(comment.text(), false, comment.column(), 0));
        }
      }
    }
    boolean first = true;
    for (Run run : runs(weights)) {
      if (!first) {
        changed.add(new Atom(",", false, List.of(), Kind.COMMA, depth + 1, false));
      }
      String blocks = block(run.from(), weights.size());
      if (run.to() > run.from()) {
        blocks += "~" + block(run.to(), weights.size());
      }
      changed.add(plain(blocks + ":", !first, depth + 1));
      changed.add(plain(run.weight(), true, depth + 1));
      first = false;
    }
    changed.add(new Atom("}", false, remarks, Kind.CLOSER, depth, false));
  }

  private static Atom plain(String text, boolean blank, int depth) {
    return new Atom(text, blank, List.of(), Kind.PLAIN, depth, false);
  }

  // ---- trees ----

  /** The map of a list, as it is in a tree without places; empty where it stays a list. */
  static Optional<Expression.WeightMap> of(Expression.Values list) {
    if (!isSize(list.values().size())) {
      return Optional.empty();
    }
    List<String> weights = new ArrayList<>();
    for (Expression value : list.values()) {
      Optional<String> weight = weight(value);
      if (weight.isEmpty()) {
        return Optional.empty();
      }
      weights.add(weight.get());
    }
    List<MapEntry> entries = new ArrayList<>();
    for (Run run : runs(weights)) {
      Optional<String> last =
          run.to() > run.from() ? Optional.of(block(run.to(), weights.size())) : Optional.empty();
      var selector = new Selector(block(run.from(), weights.size()), last, TreeShape.NOWHERE);
      entries.add(
          new MapEntry(
              List.of(selector),
              List.of(),
              false,
              list.values().get(run.from()),
              TreeShape.NOWHERE));
    }
    return Optional.of(new Expression.WeightMap(entries, Optional.empty(), TreeShape.NOWHERE));
  }

  private static Optional<String> weight(Expression value) {
    return switch (value) {
      case Expression.Number(BigDecimal number, String written, _) ->
          Optional.of(number + (written.endsWith("%") ? "%" : ""));
      case Expression.Sum sum when sum.terms().size() == 1 && sum.terms().getFirst().negative() ->
          weight(sum.terms().getFirst().operand())
              .filter(w -> !w.startsWith("-"))
              .map(w -> "-" + w);
      default -> Optional.empty();
    };
  }
}
