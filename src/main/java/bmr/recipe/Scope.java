package bmr.recipe;

import bmr.diagnostic.Suggestions;
import bmr.model.MethodSignature;
import bmr.model.ModelNames;
import bmr.model.Presets;
import bmr.model.Weight;
import bmr.syntax.tree.Expression;
import bmr.syntax.tree.Name;
import bmr.syntax.tree.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a script's names stand for, before any formula is bound. */
final class Scope {
  private static final int MOST_COMPARED = 100;

  private final ModelNames library;
  private final Map<String, MethodSignature> methods = new LinkedHashMap<>();
  private final Map<String, Integer> definitions = new LinkedHashMap<>();
  private @Nullable Map<String, List<String>> loose;
  private final Map<String, Statement.Let> lets = new LinkedHashMap<>();
  private final Map<String, Expression> settings = new LinkedHashMap<>();
  private final Set<String> usedSettings = new LinkedHashSet<>();
  private final Map<Weight.Constant, Weight> constants = new HashMap<>();
  private final Map<String, Weight> letValues = new HashMap<>();
  private final Map<String, ModelNames.Lookup> lookups = new HashMap<>();
  private final Map<String, ModelNames.Lookup> loraLookups = new HashMap<>();
  private final Map<String, Optional<ModelNames.ModelFile>> exactFiles = new HashMap<>();
  private final Map<String, ModelNames.ByHash> filesByHash = new HashMap<>();
  private final List<Recipe.SourceModel> sources = new ArrayList<>();
  private final Map<Object, Integer> sourceByPath = new HashMap<>();
  private final Map<String, String> licenses = new HashMap<>();
  private final Map<String, List<Recipe.Pin>> pins = new HashMap<>();
  private final Map<String, List<String>> similar = new HashMap<>();
  private final Map<String, List<String>> similarWeights = new HashMap<>();
  private Optional<java.math.BigInteger> seed = Optional.empty();

  Scope(ModelNames library, List<MethodSignature> signatures) {
    this.library = library;
    for (MethodSignature signature : signatures) {
      methods.put(signature.name(), signature);
    }
  }

  /**
   * Names of models that look like a name. Of a script in which nothing is known, only so many
   * names are compared with all others: the rest would take for ever.
   */
  List<String> similarModels(String name) {
    if (similar.size() >= MOST_COMPARED && !similar.containsKey(name)) {
      return List.of();
    }
    return similar.computeIfAbsent(
        name,
        key -> {
          Set<String> known = new LinkedHashSet<>(definitions.keySet());
          known.addAll(library.names());
          return Suggestions.closest(key, known, 3);
        });
  }

  /** Presets and {@code let}s that look like a name, for as many names as models are compared. */
  List<String> similarWeights(String name) {
    if (similarWeights.size() >= MOST_COMPARED && !similarWeights.containsKey(name)) {
      return List.of();
    }
    return similarWeights.computeIfAbsent(
        name,
        key -> {
          Set<String> known = new LinkedHashSet<>(lets.keySet());
          known.addAll(Presets.names());
          return Suggestions.closest(key, known, 3);
        });
  }

  /** The one weight of all that are the same number. */
  Weight shared(Weight weight) {
    return weight instanceof Weight.Constant constant
        ? constants.computeIfAbsent(constant, one -> one)
        : weight;
  }

  /** The seed of the script, for random weights. */
  Optional<java.math.BigInteger> seed() {
    return seed;
  }

  void seed(java.math.BigInteger value) {
    seed = Optional.of(value);
  }

  /** A hash that the file of a name must have. */
  void pin(String name, Recipe.Pin pin) {
    pins.computeIfAbsent(name, key -> new ArrayList<>()).add(pin);
  }

  Optional<MethodSignature> method(String name) {
    return Optional.ofNullable(methods.get(name));
  }

  Set<String> methodNames() {
    return methods.keySet();
  }

  /** Gives a definition its index; false if the name is taken. */
  boolean define(String name, int index) {
    loose = null;
    return definitions.putIfAbsent(name, index) == null;
  }

  OptionalInt definition(String name) {
    Integer index = definitions.get(name);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** The only definition that has the name but for case and separators. */
  Optional<String> looseDefinition(String name) {
    if (loose == null) {
      Map<String, List<String>> all = new HashMap<>();
      for (String one : definitions.keySet()) {
        String form = looseForm(one);
        List<String> others = all.get(form);
        all.put(form, others == null ? List.of(one) : joined(others, one));
      }
      loose = all;
    }
    List<String> found = loose.getOrDefault(looseForm(name), List.of());
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static List<String> joined(List<String> names, String more) {
    return names.size() > 1 ? names : List.of(names.getFirst(), more);
  }

  Set<String> definitionNames() {
    return definitions.keySet();
  }

  boolean let(Statement.Let let) {
    return lets.putIfAbsent(let.name().text(), let) == null;
  }

  Statement.@Nullable Let letStatement(String name) {
    return lets.get(name);
  }

  Set<String> letNames() {
    return lets.keySet();
  }

  @Nullable Weight letValue(String name) {
    return letValues.get(name);
  }

  void letValue(String name, Weight value) {
    letValues.put(name, value);
  }

  /** A value from the command line that any formula may use. */
  void setting(String name, Expression value) {
    settings.put(name, value);
  }

  @Nullable Expression setting(String name) {
    Expression value = settings.get(name);
    if (value != null) {
      usedSettings.add(name);
    }
    return value;
  }

  /** Values from the command line that nothing asked for. */
  List<String> unusedSettings() {
    return settings.keySet().stream().filter(name -> !usedSettings.contains(name)).toList();
  }

  ModelNames.Lookup file(String name) {
    return lookups.computeIfAbsent(name, library::find);
  }

  /** The file with a hash, where the name alone does not decide. */
  ModelNames.ByHash fileByHash(String name, String hash) {
    return file(name) instanceof ModelNames.Lookup.Found
        ? new ModelNames.ByHash.NameDecides()
        : filesByHash.computeIfAbsent(name + "[" + hash, _ -> library.findByHash(name, hash));
  }

  /** The file whose name this is, to the letter. */
  Optional<ModelNames.ModelFile> exactFile(String name) {
    return exactFiles.computeIfAbsent(name, library::findExactly);
  }

  List<String> fileNames() {
    return library.names();
  }

  void license(String name, String license) {
    licenses.put(name, license);
  }

  /** The index of a file among the recipe's sources. */
  int source(ModelNames.ModelFile file, Name name) {
    return sourceByPath.computeIfAbsent(
        file.isKnown() ? file.path() : file.name(),
        key -> {
          sources.add(
              new Recipe.SourceModel(
                  file.name(), file, Optional.ofNullable(licenses.get(file.name())), name.span()));
          return sources.size() - 1;
        });
  }

  /** The file of a LoRA. */
  ModelNames.Lookup lora(String name) {
    return loraLookups.computeIfAbsent(name, library::findLora);
  }

  /** The index of a LoRA's file among the recipe's sources. */
  int loraSource(ModelNames.ModelFile file, Name name) {
    return sourceByPath.computeIfAbsent(
        List.of("lora", file.isKnown() ? file.path() : file.name()),
        key -> {
          sources.add(
              new Recipe.SourceModel(
                  "lora(\"" + file.name() + "\")",
                  file,
                  Optional.ofNullable(licenses.get(file.name())),
                  List.of(),
                  true,
                  name.span()));
          return sources.size() - 1;
        });
  }

  /** The index of a source with its EMA weights in place of the others. */
  int emaSource(int source) {
    Recipe.SourceModel plain = sources.get(source);
    return sourceByPath.computeIfAbsent(
        List.of("ema", source),
        key -> {
          sources.add(
              new Recipe.SourceModel(
                  "ema(\"" + plain.name() + "\")",
                  plain.file(),
                  plain.license(),
                  List.of(),
                  false,
                  true,
                  plain.place()));
          return sources.size() - 1;
        });
  }

  /** The sources with all hashes that the script gives for them. */
  List<Recipe.SourceModel> sources() {
    return sources.stream()
        .map(source ->
            new Recipe.SourceModel(
                source.name(),
                source.file(),
                source.license(),
                pins.getOrDefault(source.ema() ? source.file().name() : source.name(), List.of()),
                source.lora(),
                source.ema(),
                source.place()))
        .toList();
  }

  /** A name without regard to case and separators. */
  static String looseForm(String name) {
    var result = new StringBuilder();
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      if (c != '-' && c != '_' && c != '.' && c != ' ') {
        result.append(c);
      }
    }
    return result.toString();
  }
}
