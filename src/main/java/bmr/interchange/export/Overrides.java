package bmr.interchange.export;

import bmr.diagnostic.ExportProblem;
import bmr.diagnostic.ProblemException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What SuperMerger's Elemental Merge has to say on top of a list, as later entries win there:
 * pieces of keys within blocks in an order that gives every tensor its weight, then parts of
 * blocks.
 */
final class Overrides {
  private final List<Cell> cells;
  private final Shares shares;
  private final List<Entry> entries = new ArrayList<>();

  /** The piece is a part's where {@code part} is set, else one that the recipe has. */
  record Entry(Set<String> blocks, String piece, boolean part, BigDecimal value) {
    boolean matches(Cell cell) {
      return blocks.contains(cell.block().label())
          && (part ? cell.label().equals(piece) : cell.elements().contains(piece));
    }
  }

  private Overrides(List<Cell> cells, Shares shares) {
    this.cells = cells;
    this.shares = shares;
  }

  /**
   * The entries, in order.
   *
   * @param result the step's name, for the message
   * @throws ProblemException if no order says it
   */
  static List<Entry> of(List<Cell> cells, Shares shares, String result, ExportTarget target) {
    Set<String> pieces = new LinkedHashSet<>();
    cells.forEach(cell -> pieces.addAll(cell.elements()));
    for (List<String> order : orders(List.copyOf(pieces))) {
      var overrides = new Overrides(cells, shares);
      order.forEach(overrides::addPiece);
      overrides.addParts();
      if (overrides.isRight()) {
        return List.copyOf(overrides.entries);
      }
    }
    throw new ProblemException(
        new ExportProblem.ElementsNotExported(
            result,
            target.label(),
            "of overrides that meet in a tensor the last one counts there"));
  }

  private static List<List<String>> orders(List<String> pieces) {
    List<List<String>> orders = new ArrayList<>(List.of(List.of()));
    for (String piece : pieces) {
      List<List<String>> longer = new ArrayList<>();
      for (List<String> order : orders) {
        for (int at = order.size(); at >= 0; at--) {
          List<String> next = new ArrayList<>(order);
          next.add(at, piece);
          longer.add(next);
        }
      }
      orders = longer;
    }
    return orders;
  }

  private void addPiece(String piece) {
    Map<BigDecimal, Set<String>> wanted = new LinkedHashMap<>();
    for (Cell block : cells) {
      if (!block.isBlock() || !block.site().place().blended()) {
        continue;
      }
      // keys with the piece and nothing more than it brings along
      cells.stream()
          .filter(cell -> cell.label().equals(block.label()) && cell.elements().contains(piece))
          .min((a, b) -> Integer.compare(a.elements().size(), b.elements().size()))
          .filter(cell -> said(cell).compareTo(value(cell)) != 0)
          .ifPresent(cell ->
              wanted.computeIfAbsent(value(cell), _ -> new LinkedHashSet<>()).add(block.label()));
    }
    wanted.forEach((value, blocks) -> entries.add(new Entry(blocks, piece, false, value)));
  }

  private void addParts() {
    for (Cell part : cells) {
      boolean own = part.isWhole() && !part.isBlock() && part.site().place().blended();
      boolean wrong =
          own
              && cells.stream()
                  .filter(cell -> cell.label().equals(part.label()))
                  .anyMatch(cell -> said(cell).compareTo(value(cell)) != 0);
      if (wrong) {
        entries.add(new Entry(Set.of(part.block().label()), part.label(), true, value(part)));
      }
    }
  }

  private boolean isRight() {
    return cells.stream()
        .filter(cell -> cell.site().place().blended())
        .allMatch(cell -> said(cell).compareTo(value(cell)) == 0);
  }

  /** What the list and the entries so far come to. */
  private BigDecimal said(Cell cell) {
    BigDecimal said =
        cells.stream()
            .filter(block -> block.isBlock() && block.block().equals(cell.block()))
            .map(this::value)
            .findFirst()
            .orElseThrow();
    for (Entry entry : entries) {
      said = entry.matches(cell) ? entry.value() : said;
    }
    return said;
  }

  private BigDecimal value(Cell cell) {
    return shares.values().get(cells.indexOf(cell));
  }
}
