package bmr.recipe;

import bmr.diagnostic.LoraProblem.WrongExtraction;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Expression.Argument;
import bmr.syntax.tree.Expression.Call;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code L = extract_lora(A - B, rank: 64)}: a difference that is saved as a LoRA. */
final class LoraExtraction {
  private static final int STANDARD_RANK = 64;
  private static final int LARGEST_RANK = 4096;

  private LoraExtraction() {}

  static boolean isCall(Call call) {
    return !call.name().quoted() && call.name().text().equals("extract_lora");
  }

  /** The rank that a definition's value asks for, if it is an extraction. */
  static OptionalInt rank(Expression value) {
    return value instanceof Call call && isCall(call) ? rank(call) : OptionalInt.empty();
  }

  private static OptionalInt rank(Call call) {
    List<Argument> arguments = call.arguments();
    if (arguments.size() == 1) {
      return OptionalInt.of(STANDARD_RANK);
    }
    boolean named =
        arguments.size() == 2
            && arguments.get(1).name().map(name -> name.text().equals("rank")).orElse(true);
    if (named
        && arguments.get(1).value() instanceof Expression.Number number
        && number.value().stripTrailingZeros().scale() <= 0
        && number.value().signum() > 0
        && number.value().compareTo(BigDecimal.valueOf(LARGEST_RANK)) <= 0) {
      return OptionalInt.of(number.value().intValue());
    }
    return OptionalInt.empty();
  }

  /** What a definition's formula is: of an extraction the difference. */
  static Optional<Expression> difference(Expression value, Findings findings) {
    if (!(value instanceof Call call && isCall(call))) {
      return Optional.of(value);
    }
    if (call.arguments().isEmpty()
        || call.arguments().getFirst().name().isPresent()
        || rank(call).isEmpty()) {
      findings.report(
          call.span(),
          new WrongExtraction(
              "takes a difference and a rank, a whole number from 1 to " + LARGEST_RANK));
      return Optional.empty();
    }
    return Optional.of(call.arguments().getFirst().value());
  }
}
