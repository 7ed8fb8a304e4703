package bmr.interchange;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** The weight of one merge step, as publications give it: how much of the second model. */
sealed interface Ratio {
  /** One number for every block. */
  record Number(BigDecimal value) implements Ratio {}

  /**
   * A value for each block, in list order: 26 or 20 with BASE in front, 25 or 19 without.
   *
   * @param base the weight of BASE where the list has none
   */
  record Blocks(List<BigDecimal> values, Optional<BigDecimal> base) implements Ratio {
    public Blocks {
      values = List.copyOf(values);
    }
  }

  /**
   * Anything else that is a weight of the language: a preset's name, a map.
   *
   * @param text as a script writes it
   */
  record Written(String text) implements Ratio {}
}
