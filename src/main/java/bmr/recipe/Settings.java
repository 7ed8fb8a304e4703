package bmr.recipe;

import bmr.diagnostic.RequestProblem.AmbiguousSetting;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Statement;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Values from the command line. {@code NAME=VALUE} gives a {@code let}, or the parameter of the one
 * definition that binds it, or a parameter that a formula leaves open; {@code
 * DEFINITION.NAME=VALUE} gives the parameter of that definition.
 */
final class Settings {
  private final Scope scope;
  private final Findings findings;
  private final List<Statement.Definition> definitions;
  private final List<Parameters> parameters;

  Settings(
      Scope scope,
      Findings findings,
      List<Statement.Definition> definitions,
      List<Parameters> parameters) {
    this.scope = scope;
    this.findings = findings;
    this.definitions = definitions;
    this.parameters = parameters;
  }

  void apply(Map<String, Expression> settings) {
    settings.forEach(this::apply);
  }

  private void apply(String name, Expression value) {
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      OptionalInt definition = scope.definition(name.substring(0, dot));
      if (definition.isPresent()) {
        parameters.get(definition.getAsInt()).bindFromOutside(name.substring(dot + 1), value);
        return;
      }
    }
    if (scope.letStatement(name) == null) {
      int[] owners =
          IntStream.range(0, definitions.size())
              .filter(index -> binds(definitions.get(index), index, name))
              .toArray();
      if (owners.length == 1) {
        parameters.get(owners[0]).bindFromOutside(name, value);
        return;
      }
      if (owners.length > 1) {
        List<String> choices =
            IntStream.of(owners)
                .mapToObj(index -> definitions.get(index).name().text() + "." + name)
                .toList();
        findings.report(value.span(), new AmbiguousSetting(name, choices));
        return;
      }
    }
    scope.setting(name, value);
  }

  private boolean binds(Statement.Definition definition, int index, String name) {
    return parameters.get(index).has(name) || InlineLists.of(definition.value()).contains(name);
  }
}
