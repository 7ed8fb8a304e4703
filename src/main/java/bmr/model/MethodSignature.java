package bmr.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What a recipe must know of a merge method to call it.
 *
 * @param name as scripts spell it, SuperMerger's name where it has one
 * @param operands names of the model operands, in order
 * @param parameters names and defaults of the weights, in order
 * @param shortcuts values of parameters that leave one operand alone
 * @param missing what the result is where an operand lacks the tensor
 */
public record MethodSignature(
    String name,
    List<String> operands,
    List<Parameter> parameters,
    MissingOperand missing,
    List<Shortcut> shortcuts,
    String summary) {
  public MethodSignature {
    operands = List.copyOf(operands);
    parameters = List.copyOf(parameters);
    shortcuts = List.copyOf(shortcuts);
  }

  /** A method without shortcuts. */
  public MethodSignature(
      String name,
      List<String> operands,
      List<Parameter> parameters,
      MissingOperand missing,
      String summary) {
    this(name, operands, parameters, missing, List.of(), summary);
  }

  /**
   * A parameter's value at which the result is one operand unchanged, so that nothing else is read:
   * {@code slerp(A, B, 0)} is A.
   *
   * @param parameter index of the parameter
   * @param operand index of the operand
   */
  public record Shortcut(int parameter, BigDecimal value, int operand) {}

  /** The operand that the result is for these parameters, if it is one alone. */
  public Optional<Integer> operandAlone(List<BigDecimal> values) {
    return shortcuts.stream()
        .filter(cut -> values.get(cut.parameter()).compareTo(cut.value()) == 0)
        .map(Shortcut::operand)
        .findFirst();
  }

  /** A weight of the method. */
  public record Parameter(String name, Optional<BigDecimal> defaultValue) {}

  /** What a method gives where an operand lacks the tensor. The result is always a model. */
  public enum MissingOperand {
    /** The first operand that is there, as written. */
    FIRST_PRESENT,
    /** The first operand alone; nothing when it is the one that lacks the tensor. */
    FIRST_OPERAND
  }
}
