package bmr.interchange;

import java.math.BigDecimal;
import java.util.List;
import java.util.SequencedMap;

/**
 * What one published step computes. Models are named as published, with neither quotes nor
 * extension. Formulas: SuperMerger's.
 */
sealed interface Merge {
  /** {@code A x (1 - alpha) + B x alpha}. */
  record WeightSum(String a, String b, Ratio alpha) implements Merge {}

  /** {@code A + (B - C) x alpha}. */
  record AddDifference(String a, String b, String c, Ratio alpha) implements Merge {}

  /** {@code A x (1 - alpha - beta) + B x alpha + C x beta}. */
  record TripleSum(String a, String b, String c, Ratio alpha, Ratio beta) implements Merge {}

  /** {@code (A x (1 - alpha) + B x alpha) x (1 - beta) + C x beta}. */
  record SumTwice(String a, String b, String c, Ratio alpha, Ratio beta) implements Merge {}

  /** {@code A x 0.5 + B x 0.3 - C x 0.2}: terms in order, each with its coefficient. */
  record Linear(List<Term> terms) implements Merge {
    public Linear {
      terms = List.copyOf(terms);
    }
  }

  /** A model and its coefficient. */
  record Term(String model, BigDecimal coefficient) {}

  /**
   * A formula that is already the language's.
   *
   * @param formula as a script writes it, names spelled with {@link ScriptDraft#spelled}
   * @param models the names in it, as published
   * @param clauses parameter to weight, both as a script writes them
   */
  record Written(String formula, List<String> models, SequencedMap<String, String> clauses)
      implements Merge {
    public Written {
      models = List.copyOf(models);
    }
  }
}
