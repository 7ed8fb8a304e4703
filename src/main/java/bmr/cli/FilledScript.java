package bmr.cli;

import bmr.diagnostic.FitProblem;
import bmr.diagnostic.ProblemException;
import bmr.model.Weight;
import bmr.source.SourceText;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A script with numbers in place of its unknowns, and everything else as it was. */
final class FilledScript {
  private FilledScript() {}

  /**
   * Fills in the numbers; unknowns that have none stay.
   *
   * @param unknowns wherever they stand
   * @throws ProblemException if one stands in another text
   */
  static String of(
      SourceText script, Collection<Weight.Unknown> unknowns, Map<String, BigDecimal> numbers) {
    List<Weight.Unknown> backwards =
        unknowns.stream()
            .filter(unknown -> numbers.containsKey(unknown.name()))
            .sorted(Comparator.comparingInt(Weight.Unknown::from).reversed())
            .toList();
    var text = new StringBuilder(script.text());
    for (Weight.Unknown unknown : backwards) {
      if (!unknown.file().equals(script.name())) {
        throw new ProblemException(new FitProblem.InAnotherFile(unknown.name(), unknown.file()));
      }
      BigDecimal number = numbers.getOrDefault(unknown.name(), BigDecimal.ZERO);
      String plain = number.toPlainString();
      text.replace(unknown.from(), unknown.to(), number.signum() < 0 ? "(" + plain + ")" : plain);
    }
    return text.toString();
  }
}
