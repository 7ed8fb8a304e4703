package bmr.recipe;

import bmr.diagnostic.WeightProblem.BoundTwice;
import bmr.diagnostic.WeightProblem.UnusedParameter;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters of one definition: as its clauses, its inline lists or the caller give them. */
final class Parameters {
  private final Map<String, Expression> values = new LinkedHashMap<>();
  private final Map<String, Name> names = new LinkedHashMap<>();
  private final Map<String, Expression> outside = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  /** Gives a parameter its value; a second value is a problem. */
  void bind(Name name, Expression value, Findings findings) {
    if (values.containsKey(name.text())) {
      findings.report(name.span(), new BoundTwice(name.text()));
      return;
    }
    values.put(name.text(), value);
    names.put(name.text(), name);
  }

  /** A value from the command line, which wins over the definition's own. */
  void bindFromOutside(String name, Expression value) {
    outside.put(name, value);
  }

  Optional<Expression> value(String name) {
    Expression fromOutside = outside.get(name);
    Expression value = fromOutside != null ? fromOutside : values.get(name);
    if (value != null) {
      used.add(name);
    }
    return Optional.ofNullable(value);
  }

  /**
   * A value that belongs to another parameter, such as {@code base}: used as a matter of course.
   */
  Optional<Expression> take(String name) {
    return value(name);
  }

  boolean has(String name) {
    return values.containsKey(name) || outside.containsKey(name);
  }

  /** Names of parameters with a value in the definition itself. */
  Set<String> own() {
    return values.keySet();
  }

  void reportUnused(Findings findings) {
    for (Map.Entry<String, Name> entry : names.entrySet()) {
      if (!used.contains(entry.getKey()) && !outside.containsKey(entry.getKey())) {
        findings.report(entry.getValue().span(), new UnusedParameter(entry.getKey()));
      }
    }
  }
}
