package bmr.workspace;

import bmr.checkpoint.ModelLibrary;
import bmr.diagnostic.Diagnostic;
import bmr.diagnostic.NameProblem.UnknownName;
import bmr.diagnostic.RequestProblem.AssumedModel;
import bmr.diagnostic.Suggestions;
import bmr.method.Methods;
import bmr.model.ModelNames;
import bmr.recipe.Bound;
import bmr.recipe.RecipeBinder;
import bmr.recipe.Wanted;
import bmr.source.Span;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Script;
import bmr.syntax.tree.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Binds a script, and where no files are needed takes names that nothing has for models. Of a name
 * that looks like one of the script's definitions the note says so: it may be a slip.
 */
final class AssumedModels {
  private final Script script;
  private final Map<String, Expression> settings;
  private final Wanted wanted;
  private final Function<ModelLibrary, ModelNames> names;
  private final List<Diagnostic> diagnostics;

  AssumedModels(
      Script script,
      Map<String, Expression> settings,
      Wanted wanted,
      Function<ModelLibrary, ModelNames> names,
      List<Diagnostic> diagnostics) {
    this.script = script;
    this.settings = settings;
    this.wanted = wanted;
    this.names = names;
    this.diagnostics = diagnostics;
  }

  Bound bind(ModelLibrary library, Reading reading) {
    Bound bound = bind(library);
    boolean assumes =
        switch (reading.files()) {
          case NEEDED -> false;
          case WHERE_KNOWN -> reading.assumeModels() || library.entries().isEmpty();
          case NONE -> true;
        };
    if (!assumes) {
      return bound;
    }
    // plain names first: a hyphenated word may turn out to be a difference of them
    ModelLibrary known = library;
    for (boolean hyphens : new boolean[] {false, true}) {
      Map<String, Span> found = unknown(bound, hyphens);
      for (Map.Entry<String, Span> name : found.entrySet()) {
        known = known.withUnknown(name.getKey());
        diagnostics.add(
            Diagnostic.at(
                name.getValue(),
                new AssumedModel(
                    name.getKey(), Suggestions.closest(name.getKey(), definitions()))));
      }
      bound = found.isEmpty() ? bound : bind(known);
    }
    return bound;
  }

  private Bound bind(ModelLibrary library) {
    return RecipeBinder.bind(script, names.apply(library), Methods.signatures(), settings, wanted);
  }

  private List<String> definitions() {
    return script.statements().stream()
        .filter(Statement.Definition.class::isInstance)
        .map(statement -> ((Statement.Definition) statement).name().text())
        .toList();
  }

  private static Map<String, Span> unknown(Bound bound, boolean hyphens) {
    Map<String, Span> found = new LinkedHashMap<>();
    for (Bound.Finding finding : bound.findings()) {
      Diagnostic diagnostic = finding.diagnostic();
      if (diagnostic.problem() instanceof UnknownName unknown
          && diagnostic.place().isPresent()
          && (hyphens || unknown.name().indexOf('-') < 0)) {
        found.putIfAbsent(unknown.name(), diagnostic.place().get());
      }
    }
    return found;
  }
}
