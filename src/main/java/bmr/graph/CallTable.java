package bmr.graph;

import bmr.graph.RecipeDifference.Call;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Gives equal method calls of two recipes one label, whatever their definitions are called. */
final class CallTable {
  /** Calls of one method that are compared with each new one; more are compared exactly only. */
  private static final int MOST_COMPARED = 200;

  private final BigDecimal tolerance;
  private final SequencedMap<String, Call> calls = new LinkedHashMap<>();
  private final Map<Call, String> labels = new HashMap<>();
  private final Map<String, List<String>> byMethod = new HashMap<>();

  CallTable(BigDecimal tolerance) {
    this.tolerance = tolerance;
  }

  SequencedMap<String, Call> calls() {
    return calls;
  }

  /** The label of a call: that of an equal one, or a new one. */
  String label(Call call) {
    String known = labels.get(call);
    if (known != null) {
      return known;
    }
    List<String> same = byMethod.computeIfAbsent(call.method(), _ -> new ArrayList<>());
    for (String label : same.subList(0, Math.min(same.size(), MOST_COMPARED))) {
      Call other = calls.get(label);
      if (other != null && near(call, other)) {
        labels.put(call, label);
        return label;
      }
    }
    String label = call.method() + "#" + (same.size() + 1);
    same.add(label);
    calls.put(label, call);
    labels.put(call, label);
    return label;
  }

  private boolean near(Call call, Call other) {
    if (call.operands().size() != other.operands().size()) {
      return false;
    }
    for (int operand = 0; operand < call.operands().size(); operand++) {
      for (int site = 0; site < call.operands().get(operand).size(); site++) {
        if (!near(
            call.operands().get(operand).get(site), other.operands().get(operand).get(site))) {
          return false;
        }
      }
    }
    for (int parameter = 0; parameter < call.parameters().size(); parameter++) {
      for (int site = 0; site < call.parameters().get(parameter).size(); site++) {
        BigDecimal left = call.parameters().get(parameter).get(site);
        if (!near(left, other.parameters().get(parameter).get(site))) {
          return false;
        }
      }
    }
    return true;
  }

  boolean near(BigDecimal left, BigDecimal right) {
    return left.subtract(right).abs().compareTo(tolerance) <= 0;
  }

  private boolean near(
      SequencedMap<String, BigDecimal> left, SequencedMap<String, BigDecimal> right) {
    for (var term : left.entrySet()) {
      if (!near(term.getValue(), right.getOrDefault(term.getKey(), BigDecimal.ZERO))) {
        return false;
      }
    }
    for (var term : right.entrySet()) {
      if (!left.containsKey(term.getKey()) && !near(term.getValue(), BigDecimal.ZERO)) {
        return false;
      }
    }
    return true;
  }
}
