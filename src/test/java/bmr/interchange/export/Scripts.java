package bmr.interchange.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bmr.method.Methods;
import bmr.model.Architecture;
import bmr.model.ModelNames;
import bmr.model.Weight.Site;
import bmr.recipe.Bound;
import bmr.recipe.Recipe;
import bmr.recipe.Recipe.Formula;
import bmr.recipe.RecipeBinder;
import bmr.recipe.Wanted;
import bmr.source.SourceText;
import bmr.syntax.Parsed;
import bmr.syntax.Parser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Scripts without files, and what their definitions are made of, worked out one key at a time. */
final class Scripts {
  private Scripts() {}

  /** Binds a script; a name that no definition has is a model file. */
  static Recipe recipe(String script, List<String> files) {
    Parsed parsed = Parser.parse(SourceText.of("test.bmr", script));
    assertEquals(List.of(), parsed.diagnostics(), script);
    Bound bound =
        RecipeBinder.bind(
            parsed.script(),
            new Names(files),
            Methods.signatures(),
            Map.of(),
            new Wanted(java.util.Optional.empty(), true));
    List<Bound.Finding> errors = bound.findings().stream().filter(Bound.Finding::isError).toList();
    assertEquals(List.of(), errors, script);
    return bound.recipe();
  }

  static int model(Recipe recipe, String name) {
    return IntStream.range(0, recipe.models().size())
        .filter(i -> recipe.models().get(i).name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static Map<String, Double> sources(
      Recipe recipe, int model, String key, Architecture architecture) {
    return sources(recipe, recipe.models().get(model).formula(), key, architecture);
  }

  private static Map<String, Double> sources(
      Recipe recipe, Formula formula, String key, Architecture architecture) {
    return switch (formula) {
      case Formula.OfSource source ->
          new TreeMap<>(Map.of(recipe.sources().get(source.source()).name(), 1.0));
      case Formula.OfModel model -> sources(recipe, model.model(), key, architecture);
      case Formula.Sum sum -> {
        Map<String, Double> all = new TreeMap<>();
        for (Recipe.Term term : sum.terms()) {
          var place = recipe.blockMap().place(architecture, key);
          double weight = term.weight().at(new Site(architecture, place, key)).doubleValue();
          sources(recipe, term.operand(), key, architecture)
              .forEach((name, share) -> all.merge(name, weight * share, Double::sum));
        }
        yield all;
      }
      case Formula.Call _, Formula.Fallback _, Formula.Adjusted _, Formula.OfComponent _ ->
          throw new AssertionError("no sum");
    };
  }

  private record Names(List<String> names) implements ModelNames {
    @Override
    public Lookup find(String name) {
      return names.contains(name)
          ? new Lookup.Found(new ModelFile(name, Path.of(name + ".safetensors")), true)
          : new Lookup.Missing(List.of());
    }
  }
}
