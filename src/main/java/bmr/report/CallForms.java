package bmr.report;

import bmr.graph.FormulaText;
import bmr.graph.Meaning.Terms;
import bmr.graph.RecipeDifference.Call;
import bmr.graph.TensorGroup;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.StringJoiner;

/** A method call, one form for all groups of tensors in which it is the same. */
final class CallForms {
  /**
   * What a call is in some groups.
   *
   * @param operands coefficients of each
   * @param parameters one number each
   */
  record Form(List<SequencedMap<String, BigDecimal>> operands, List<BigDecimal> parameters) {}

  private CallForms() {}

  /** The forms, in the order of the blocks; groups that do not use the call are left out. */
  static SequencedMap<Form, List<TensorGroup>> of(Call call, List<TensorGroup> groups) {
    SequencedMap<Form, List<TensorGroup>> forms = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      int site = i;
      var form =
          new Form(
              call.operands().stream().map(operand -> operand.get(site)).toList(),
              call.parameters().stream().map(values -> values.get(site)).toList());
      if (!form.operands().stream().allMatch(Map::isEmpty)) {
        forms.computeIfAbsent(form, _ -> new ArrayList<>()).add(groups.get(i));
      }
    }
    return forms;
  }

  /** {@code slerp(0.5·A + 0.5·B, C, 0.3)}. */
  static String text(Call call, Form form) {
    boolean fallback = call.method().equals("fallback");
    var text = new StringJoiner(fallback ? " | " : ", ", fallback ? "(" : call.method() + "(", ")");
    form.operands().forEach(operand -> text.add(MeaningText.text(new Terms(operand))));
    form.parameters().forEach(value -> text.add(FormulaText.number(value)));
    return text.toString();
  }
}
