package bmr.graph;

import bmr.model.Architecture;
import java.math.BigDecimal;
import java.util.List;
import java.util.SequencedMap;

/**
 * What definitions mean without any file: coefficients of the sources per block, all sources taken
 * to hold all tensors.
 *
 * @param architecture whose blocks these are
 */
public record Meaning(Architecture architecture, List<Definition> definitions) {
  public Meaning {
    definitions = List.copyOf(definitions);
  }

  /** What the coefficients of a definition add up to. */
  public enum Kind {
    /** 1 in every block. */
    MODEL,
    /** 0 in every block. */
    DIFFERENCE,
    /** Neither. */
    OTHER
  }

  /**
   * One definition.
   *
   * @param blocks by label, in list order: every block of the architecture, and behind it parts of
   *     it ({@code VAE}, {@code CLIP}, {@code TIME}, ...) that differ from it
   * @param calls methods that the coefficients refer to by their labels, operands first
   * @param elements tensors that differ from their block because an entry names pieces of keys
   */
  public record Definition(
      String name,
      Kind kind,
      SequencedMap<String, Terms> blocks,
      List<Call> calls,
      List<Element> elements) {}

  /** Coefficients by source or label of a call, sorted by name; none is 0. */
  public record Terms(SequencedMap<String, BigDecimal> coefficients) {
    BigDecimal sum() {
      return coefficients.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }

  /**
   * A method that is not linear.
   *
   * @param label {@code slerp#1}: numbered inside a definition
   * @param operands each by block
   * @param parameters by name, then by block
   */
  public record Call(
      String label,
      String method,
      List<SequencedMap<String, Terms>> operands,
      SequencedMap<String, SequencedMap<String, BigDecimal>> parameters) {}

  /**
   * Tensors of a block whose keys hold some pieces and lack others.
   *
   * @param place the block, or the part of one
   * @param having pieces of keys that the script names and these tensors have
   * @param tensors how many
   */
  public record Element(String place, List<String> having, int tensors, Terms terms) {}
}
