package bmr.recipe;

import bmr.recipe.Recipe.ExpectationRequest;
import bmr.recipe.Recipe.Formula;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement.Expectation;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What {@code expect} and {@code require} mean; measures are judged by those that know them. */
final class ExpectationBinder {
  private static final List<String> COMPONENTS = List.of("CLIP", "VAE");

  private ExpectationBinder() {}

  /**
   * The request of a statement; empty where a name is not known, which has been reported then.
   *
   * @param reference finds what a name stands for
   */
  static Optional<ExpectationRequest> bind(
      Expectation written, Function<Name, Optional<Formula>> reference, Findings findings) {
    Optional<Formula> left = reference.apply(written.left());
    Optional<Formula> right = reference.apply(written.right());
    Optional<Formula> base = written.base().flatMap(reference);
    List<String> blocks =
        written.blocks().stream()
            .filter(block -> !COMPONENTS.contains(block) && block.indexOf('*') < 0)
            .toList();
    CompareBlocks.check(blocks, written.span(), written.right().span().end(), findings);
    if (left.isEmpty() || right.isEmpty() || base.isEmpty() != written.base().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ExpectationRequest(
            written.required(),
            written.measure(),
            left.get(),
            right.get(),
            written.blocks(),
            base,
            written.comparison(),
            written.limit(),
            written.percentage(),
            text(written),
            written.span()));
  }

  private static String text(Expectation written) {
    StringBuilder text = new StringBuilder(written.measure().text());
    text.append('(').append(name(written.left())).append(", ").append(name(written.right()));
    written.blocks().forEach(block -> text.append(", ").append(block));
    text.append(')');
    written.base().ifPresent(base -> text.append(" relative to ").append(name(base)));
    text.append(' ').append(written.comparison().sign()).append(' ');
    BigDecimal limit = written.limit();
    return text.append((written.percentage() ? limit.movePointRight(2) : limit).toPlainString())
        .append(written.percentage() ? "%" : "")
        .toString();
  }

  private static String name(Name name) {
    return name.quoted() ? '"' + name.text() + '"' : name.text();
  }
}
