package bmr.model;

import java.util.List;
import java.util.Optional;

/** A block of a network, or BASE for everything else. Compared in list order. */
public record Block(Group group, int number) implements Comparable<Block> {
  /** Groups in list order. */
  public enum Group {
    BASE,
    IN,
    MID,
    OUT,
    /** Layers of a network that is no U-Net. */
    L,
    /** Flux's blocks for text and image apart. */
    D,
    /** Flux's blocks for both together. */
    S
  }

  /** The largest number of IN or OUT blocks that any architecture has. */
  private static final int MOST = 12;

  /** The largest number of layers. */
  private static final int MOST_LAYERS = 100;

  private static final List<Group> LAYERED = List.of(Group.L, Group.D, Group.S);

  public static final Block BASE = new Block(Group.BASE, 0);
  public static final Block MID = new Block(Group.MID, 0);

  public Block {
    if (number < 0 || number >= most(group)) {
      throw new IllegalArgumentException("no such block: " + group + " " + number);
    }
  }

  private static int most(Group group) {
    return switch (group) {
      case BASE, MID -> 1;
      case IN, OUT -> MOST;
      case L, D, S -> MOST_LAYERS;
    };
  }

  /**
   * The block with a label, or with one of the names that other tools print: {@code INP03} for
   * IN03, and {@code MID}, {@code MI00}, {@code MID00} for M00. Upper case only; empty for numbers
   * that no architecture has.
   */
  public static Optional<Block> parse(String text) {
    return switch (text) {
      case "BASE" -> Optional.of(BASE);
      case "M00", "MID", "MI00", "MID00" -> Optional.of(MID);
      default -> {
        if (text.startsWith("INP")) {
          yield numbered(Group.IN, text.substring(3));
        }
        if (text.startsWith("IN")) {
          yield numbered(Group.IN, text.substring(2));
        }
        if (text.startsWith("OUT")) {
          yield numbered(Group.OUT, text.substring(3));
        }
        for (Group group : LAYERED) {
          if (text.startsWith(group.name())) {
            yield numbered(group, text.substring(1));
          }
        }
        yield Optional.empty();
      }
    };
  }

  private static Optional<Block> numbered(Group group, String digits) {
    boolean two = digits.length() == 2 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!two) {
      return Optional.empty();
    }
    int number = Integer.parseInt(digits);
    return number < most(group) ? Optional.of(new Block(group, number)) : Optional.empty();
  }

  public static Block in(int number) {
    return new Block(Group.IN, number);
  }

  public static Block out(int number) {
    return new Block(Group.OUT, number);
  }

  /** {@code BASE}, {@code IN03}, {@code M00}, {@code OUT11}, {@code L31}. */
  public String label() {
    return switch (group) {
      case BASE -> "BASE";
      case MID -> "M00";
      case IN, OUT, L, D, S -> group.name() + number / 10 + number % 10;
    };
  }

  @Override
  public int compareTo(Block other) {
    int byGroup = group.compareTo(other.group);
    return byGroup != 0 ? byGroup : Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return label();
  }
}
