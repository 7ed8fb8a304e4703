package bmr.graph;

import bmr.model.Architecture;
import java.math.BigDecimal;
import java.util.List;
import java.util.SequencedMap;

/**
 * What two recipes make differently. Left is the old recipe, right the new one.
 *
 * @param groups all tensors that were compared, in the order of the blocks
 * @param settings of the whole recipe that differ and change the result
 * @param models the pairs of models that were compared, the same ones too
 * @param outputs models that only one recipe makes
 * @param definitions other definitions that only one recipe has; they change nothing by themselves
 * @param calls the methods that the coefficients name, by label
 */
public record RecipeDifference(
    Architecture architecture,
    List<TensorGroup> groups,
    List<Setting> settings,
    List<ModelDifference> models,
    OnlyIn outputs,
    OnlyIn definitions,
    SequencedMap<String, Call> calls) {
  public RecipeDifference {
    groups = List.copyOf(groups);
    settings = List.copyOf(settings);
    models = List.copyOf(models);
  }

  /** Whether both recipes make the same models. */
  public boolean same() {
    return settings.isEmpty()
        && outputs.left().isEmpty()
        && outputs.right().isEmpty()
        && models.stream().allMatch(ModelDifference::same);
  }

  /** Something that each recipe says once. */
  public record Setting(String name, String left, String right) {}

  /** Names that only one of the recipes has. */
  public record OnlyIn(List<String> left, List<String> right) {
    public OnlyIn {
      left = List.copyOf(left);
      right = List.copyOf(right);
    }
  }

  /**
   * Two models.
   *
   * @param output whether the recipes save it, or would
   * @param settings what the save lines say differently
   * @param gone sources that only the left model has
   * @param added sources that only the right model has
   * @param changes coefficients that differ, by source
   * @param calls methods below both models that differ in parameters or operands
   * @param steps whether only the definitions between which values are rounded differ
   */
  public record ModelDifference(
      String left,
      String right,
      boolean output,
      List<Setting> settings,
      List<String> gone,
      List<String> added,
      List<Change> changes,
      List<CallDifference> calls,
      boolean steps) {
    public ModelDifference {
      settings = List.copyOf(settings);
      gone = List.copyOf(gone);
      added = List.copyOf(added);
      changes = List.copyOf(changes);
      calls = List.copyOf(calls);
    }

    public boolean same() {
      return settings.isEmpty() && changes.isEmpty() && calls.isEmpty() && !steps;
    }
  }

  /**
   * A number that differs in the same way in some groups of tensors.
   *
   * @param name of a source, the label of a call, or a parameter's name
   */
  public record Change(String name, BigDecimal left, BigDecimal right, List<TensorGroup> groups) {
    public Change {
      groups = List.copyOf(groups);
    }
  }

  /**
   * A method call that both models have.
   *
   * @param operands the changes of each operand
   */
  public record CallDifference(String label, List<Change> parameters, List<List<Change>> operands) {
    public CallDifference {
      parameters = List.copyOf(parameters);
      operands = List.copyOf(operands);
    }
  }

  /**
   * A method call.
   *
   * @param operands of each, the coefficients in every group
   * @param parameters of each, the value in every group
   */
  public record Call(
      String method,
      List<List<SequencedMap<String, BigDecimal>>> operands,
      List<String> parameterNames,
      List<List<BigDecimal>> parameters) {
    public Call {
      operands = List.copyOf(operands);
      parameterNames = List.copyOf(parameterNames);
      parameters = List.copyOf(parameters);
    }
  }
}
