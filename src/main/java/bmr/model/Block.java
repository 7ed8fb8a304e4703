package bmr.model;

/** A block of a U-Net, or BASE for everything else. Compared in list order. */
public record Block(Group group, int number) implements Comparable<Block> {
  /** Groups in list order. */
  public enum Group {
    BASE,
    IN,
    MID,
    OUT
  }

  public static final Block BASE = new Block(Group.BASE, 0);
  public static final Block MID = new Block(Group.MID, 0);

  public static Block in(int number) {
    return new Block(Group.IN, number);
  }

  public static Block out(int number) {
    return new Block(Group.OUT, number);
  }

  /** {@code BASE}, {@code IN03}, {@code M00}, {@code OUT11}. */
  public String label() {
    return switch (group) {
      case BASE -> "BASE";
      case MID -> "M00";
      case IN, OUT -> String.format("%s%02d", group, number);
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
